import Testing

@testable import Rooms

struct KnownRouteTests {
  @Test("A route is taken again until somebody takes or leaves a seat, and only for the same address")
  func good() throws {
    var stage = Stage.crowded(file: Cast.file())
    try stage.playToOpen()
    _ = stage.join(Stage.physician, as: .practitioner)
    _ = stage.join(Stage.child, as: .patient)
    let number = try #require(stage.negotiation(.practitioner, .patient))
    let address = SignalAddress(room: Stage.id, to: .patient, negotiation: number)

    func known(_ hall: Hall) throws -> KnownRoute {
      let route = try hall.route(from: Stage.physician, in: Stage.id, to: .patient, negotiation: number)
      return KnownRoute(address: address, seating: hall.seating, route: route)
    }

    let first = try known(stage.hall)
    #expect(first.isGood(for: address, seating: stage.hall.seating))
    let others = [
      SignalAddress(room: Stage.id, to: .guardian1, negotiation: number),
      SignalAddress(room: Stage.id, to: .patient, negotiation: number + 1),
      SignalAddress(room: ConsultationID(high: 9, low: 9), to: .patient, negotiation: number),
    ]
    for other in others { #expect(!first.isGood(for: other, seating: stage.hall.seating)) }

    _ = stage.hall.lapse(Stage.child)
    #expect(!first.isGood(for: address, seating: stage.hall.seating))
    _ = stage.join(Stage.child, as: .patient, connected: [.practitioner: number])
    let second = try known(stage.hall)
    _ = stage.leave(Stage.child)
    #expect(!second.isGood(for: address, seating: stage.hall.seating))
  }
}
