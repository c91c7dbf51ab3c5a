import Testing

@testable import Rooms

struct PresenceTests {
  private static let one: Set = [ConnectionID(1)]

  @Test(
    "Presence follows from connections, seats, and what was declared",
    arguments: [
      (false, [], [], Presence.offline), (true, [], [], .offline), (false, one, [], .away), (true, one, [], .available),
      (false, one, one, .inConsultation), (true, one, one, .inConsultation),
    ] as [(Bool, Set<ConnectionID>, Set<ConnectionID>, Presence)])
  func presence(
    declared: Bool, connections: Set<ConnectionID>, seated: Set<ConnectionID>, expected: Presence
  ) {
    let desk = Desk(declaredAvailable: declared, connections: connections, seated: seated)
    #expect(desk.presence == expected)
  }
}
