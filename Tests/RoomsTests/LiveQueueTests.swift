import Testing

@testable import Rooms

struct LiveQueueTests {
  private static func request(
    _ number: UInt64, at milliseconds: Int64, _ assignment: Consultation.Assignment = .unassigned
  ) -> Consultation {
    Consultation(
      id: ConsultationID(high: 2, low: number), patient: Cast.patient, requester: Cast.patient,
      assignment: assignment, payment: .carteBancaire, requestedAt: Instant(milliseconds: milliseconds))
  }

  @Test("The oldest request comes first, whatever the order of arrival (CU-6.1)")
  func order() {
    var queue = LiveQueue()
    for request in [
      Self.request(1, at: 30), Self.request(2, at: 10), Self.request(4, at: 20), Self.request(3, at: 20),
    ] {
      queue.insert(request)
    }
    #expect(queue.visible(to: Cast.physician).map(\.low) == [2, 3, 4, 1])
    queue.remove(ConsultationID(high: 2, low: 3))
    #expect(queue.visible(to: Cast.physician).map(\.low) == [2, 4, 1])
    #expect(queue.count == 3)
  }

  @Test("An assigned request is seen by its physician alone (CU-6.1)")
  func visibility() {
    var queue = LiveQueue()
    queue.insert(Self.request(1, at: 10))
    queue.insert(Self.request(2, at: 20, .attending(Cast.physician)))
    #expect(queue.visible(to: Cast.physician).map(\.low) == [1, 2])
    #expect(queue.visible(to: Cast.colleague).map(\.low) == [1])
  }
}
