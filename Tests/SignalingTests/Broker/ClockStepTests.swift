import Accounts
import Foundation
import MQMSessions
import Mail
import Rooms
import Synchronization
import TestSupport
import Testing

@testable import Signaling

/// Clocks that a test sets: both run, and time passes or the system's is set.
private final class Clocks: Sendable {
  private let offsets = Mutex<(passed: Int64, set: Int64)>((0, 0))

  var clock: Broker.Clock {
    let real = Broker.Clock.system
    return Broker.Clock(
      wall: { self.offsets.withLock { real.wall() + $0.passed + $0.set } },
      steady: { self.offsets.withLock { real.steady() + $0.passed } })
  }

  func pass(milliseconds: Int64) { offsets.withLock { $0.passed += milliseconds } }
  func set(byMilliseconds step: Int64) { offsets.withLock { $0.set += step } }
}

/// What a broker does while its clock is set, and when days go by.
struct ClockStepTests {
  private static let day: Int64 = 24 * 3_600_000

  private func waitFor(_ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !condition() {
      try #require(ContinuousClock.now < deadline)
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test("while a step of the clock waits to be written nothing else is, as its deadlines would be wrong (CU-6.2)")
  func nothingOvertakesTheStep() async throws {
    let gate = Gate()
    let clocks = Clocks()
    try await BrokerFixture.run(wrap: gate.wrap, clock: clocks.clock) { fixture in
      try await fixture.start()
      let store = try #require(gate.store)
      store.fail(with: CocoaError(.fileWriteOutOfSpace))
      clocks.set(byMilliseconds: 3_600_000)
      let offered = Proposal(origin: .rule, change: .transition(ConsultationID(high: 9, low: 9), .suspend))
      try await waitFor { await fixture.broker.submitWhileStepWaits(offered) }
      store.fail(with: nil)
      try await waitFor { await fixture.broker.clockStepsUnderWay == 0 }
      let written = store.batches.flatMap { $0 }.map(\.proposal)
      #expect(!written.contains(offered))
      // Both clocks are rounded to milliseconds, and read one after the other.
      let steps = written.compactMap { if case .clockStepped(let step) = $0.change { step } else { nil } }
      #expect(steps.count >= 2, "tried again")
      #expect(steps.allSatisfy { abs($0 - 3_600_000) < 500 })
      // And then everything is as ever.
      await fixture.broker.submit(offered, at: Rooms.Instant(milliseconds: BrokerFixture.now()))
      try await waitFor { store.batches.flatMap { $0 }.map(\.proposal).contains(offered) }
    }
  }

  @Test("parents are not written to once their child is of age, although the room was opened before (CU-4.2)")
  func lettersAfterComingOfAge() async throws {
    let clocks = Clocks()
    try await BrokerFixture.run(clock: clocks.clock) { fixture in
      let anne = try await fixture.practitioner("Anne")
      let marc = try await fixture.patient("Marc", [.guardian, .patient])
      // 18 tomorrow, or the day after where there was no such day 18 years ago.
      let days = [1, 2].map { Accounts.CivilDate(inParisAt: BrokerFixture.now() + $0 * Self.day) }
      let birthday = try #require(days.first { ($0.month, $0.day) != (2, 29) })
      let born = "\(birthday.year - 18)\(birthday.description.dropFirst(4))"
      let lea = try await fixture.patient("Lea", born: born)
      try await fixture.accounts.link(
        patient: lea.id, guardian: marc.id, relation: .parent, by: .commandLine, now: BrokerFixture.now())
      try await fixture.start()
      let (doctor, parent) = (try await fixture.connect(anne), try await fixture.connect(marc))
      let id = try await fixture.request(by: parent, for: lea)
      for step in ["request.claim", "room.open"] {
        #expect(try await doctor.ask(step, ["consultation": id])["ok"] == true)
      }
      // Nobody starts, and the start is overdue after 24 hours.
      clocks.pass(milliseconds: 3 * Self.day)
      let later = BrokerFixture.now() + 3 * Self.day
      func readers() async throws -> [String] {
        try await fixture.accounts.dueLetters(limit: 100, now: later + Self.day)
          .filter { $0.letter == .consultationOverdue }.map(\.recipient)
      }
      try await waitFor { try await !readers().isEmpty }
      #expect(try await readers() == [lea.email])
    }
  }
}

extension Broker {
  /// - Returns: false if no step waits just now.
  fileprivate func submitWhileStepWaits(_ proposal: Proposal) -> Bool {
    guard isClockStepWaiting else { return false }
    submit(proposal, at: moment().now)
    return true
  }
}
