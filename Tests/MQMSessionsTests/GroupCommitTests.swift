import Foundation
import Rooms
import Synchronization
import TestSupport
import Testing

@testable import MQMSessions

/// Many submissions, one transaction, one thread.
struct GroupCommitTests {
  let record: RecordFixture

  init() throws { record = try RecordFixture() }

  @Test("submissions are decided and delivered in the order in which they came")
  func order() throws {
    let store = ScriptedStore()
    let delivered = Delivered()
    let journal = GroupCommit(store: store, deliver: delivered.append, report: { _ in })
    let submissions = (1...500).map { record.creation(of: record.consultation($0)) }
    for each in submissions { journal.submit(each) }
    journal.stop()
    #expect(store.batches.flatMap { $0 } == submissions)
    #expect(delivered.submissions == submissions)
  }

  @Test("whatever waits while one transaction is on its way goes into the next one")
  func batches() throws {
    let store = ScriptedStore()
    let delivered = Delivered()
    let journal = GroupCommit(store: store, deliver: delivered.append, report: { _ in })
    store.close()
    journal.submit(record.creation(of: record.consultation(1)))
    store.waitUntilEntered()
    for number in 2...(GroupCommit.batchLimit + 101) {
      journal.submit(record.creation(of: record.consultation(UInt64(number))))
    }
    store.open()
    journal.stop()
    #expect(store.batches.map(\.count) == [1, GroupCommit.batchLimit, 100])
  }

  @Test("each transaction is told with its size and how long it took, and what waits is counted")
  func observed() throws {
    let store = ScriptedStore()
    let commits = Mutex<[(Int, Duration)]>([])
    let journal = GroupCommit(
      store: store, deliver: { _ in }, report: { _ in },
      observe: { count, duration in commits.withLock { $0.append((count, duration)) } })
    store.close()
    let begin = ContinuousClock.now
    journal.submit(record.creation(of: record.consultation(1)))
    store.waitUntilEntered()
    for number in 2...4 { journal.submit(record.creation(of: record.consultation(UInt64(number)))) }
    #expect(journal.waitingCount == 3)
    store.open()
    journal.stop()
    let all = ContinuousClock.now - begin
    let seen = commits.withLock { $0 }
    #expect(seen.map(\.0) == [1, 3])
    #expect(seen.allSatisfy { $0.1 > .zero && $0.1 < all })
    #expect(journal.waitingCount == 0)
  }

  @Test("what could not be written is not told as written")
  func unwritten() throws {
    struct Full: Error {}
    let store = ScriptedStore()
    store.fail(with: Full())
    let commits = Mutex(0)
    let journal = GroupCommit(
      store: store, deliver: { _ in }, report: { _ in }, observe: { _, _ in commits.withLock { $0 += 1 } })
    journal.submit(record.creation(of: record.consultation(1)))
    journal.stop()
    #expect(commits.withLock { $0 } == 0)
  }

  @Test("what a process before this one did not come to is scrubbed, although nothing is submitted (CU-5.2)")
  func scrubsAtTheStart() throws {
    let store = ScriptedStore()
    let journal = GroupCommit(store: store, deliver: { _ in }, report: { _ in })
    defer { journal.stop() }
    let deadline = ContinuousClock.now + .seconds(30)
    while store.scrubs == 0, ContinuousClock.now < deadline { usleep(10_000) }
    #expect(store.scrubs == 1)
    #expect(store.batches.isEmpty)
  }

  @Test("one that cannot be stored is refused with 'unavailable', and does not harm the others of its transaction")
  func badApple() throws {
    let gate = ScriptedStore(behind: record.store)
    let delivered = Delivered()
    let reports = Mutex(0)
    let journal = GroupCommit(store: gate, deliver: delivered.append, report: { _ in reports.withLock { $0 += 1 } })
    gate.close()
    journal.submit(record.creation(of: record.consultation(1), by: Somebody.patient))
    gate.waitUntilEntered()
    journal.submit(record.creation(of: record.consultation(2)))
    journal.submit(record.creation(of: record.consultation(1), by: Somebody.colleague))
    journal.submit(record.creation(of: record.consultation(4)))
    gate.open()
    journal.stop()
    #expect(
      delivered.outcomes == [
        .recorded(record.consultation(1)), .recorded(record.consultation(2)), .refused(.unavailable),
        .recorded(record.consultation(4)),
      ])
    #expect(reports.withLock { $0 } == 1)
    #expect(try record.load().count == 3)
  }

  @Test(
    "while the store fails everything is refused with 'unavailable' and reported; when it works again, so does this")
  func failingStore() throws {
    let store = ScriptedStore(behind: record.store)
    let delivered = Delivered()
    let reports = Mutex<[String]>([])
    let journal = GroupCommit(
      store: store, deliver: delivered.append, report: { error in reports.withLock { $0.append("\(error)") } })
    store.fail(with: DiskFull())
    journal.submit(record.creation(of: record.consultation(1)))
    delivered.wait(for: 1)
    store.fail(with: nil)
    journal.submit(record.creation(of: record.consultation(2)))
    journal.stop()
    #expect(delivered.outcomes == [.refused(.unavailable), .recorded(record.consultation(2))])
    #expect(reports.withLock { $0 } == ["DiskFull()"])
  }

  @Test("stop() writes what still waits before it returns; it can be called again")
  func stopFlushes() throws {
    let store = ScriptedStore(behind: record.store)
    let delivered = Delivered()
    let journal = GroupCommit(store: store, deliver: delivered.append, report: { _ in })
    for number in 1...3 as ClosedRange<UInt64> { journal.submit(record.creation(of: record.consultation(number))) }
    journal.stop()
    #expect(delivered.outcomes.count == 3)
    #expect(try record.load().count == 3)
    journal.stop()
  }

  @Test("what comes after stop() is refused at once and not written")
  func submissionsAfterStop() throws {
    let delivered = Delivered()
    let journal = GroupCommit(store: record.store, deliver: delivered.append, report: { _ in })
    journal.stop()
    journal.submit(record.creation(of: record.consultation(1)))
    #expect(delivered.outcomes == [.refused(.unavailable)])
    #expect(try record.load().isEmpty)
  }

  @Test("when too many wait, the next is refused at once instead of filling the memory")
  func waitingLimit() throws {
    let store = ScriptedStore()
    let delivered = Delivered()
    let journal = GroupCommit(store: store, deliver: delivered.append, report: { _ in })
    store.close()
    let submission = record.creation(of: record.consultation(1))
    journal.submit(submission)
    store.waitUntilEntered()
    for _ in 0..<GroupCommit.waitingLimit { journal.submit(submission) }
    #expect(delivered.outcomes.isEmpty)
    journal.submit(submission)
    #expect(delivered.outcomes == [.refused(.unavailable)])
    store.open()
    journal.stop()
    #expect(delivered.outcomes.count == GroupCommit.waitingLimit + 2)
  }

  @Test("from many threads each submission is decided once, and each thread's in its order")
  func manyThreads() throws {
    let store = ScriptedStore()
    let delivered = Delivered()
    let journal = GroupCommit(store: store, deliver: delivered.append, report: { _ in })
    let perThread: UInt64 = 200
    let at = record.now
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for index in 0..<perThread {
        let id = ConsultationID(high: UInt64(thread), low: index)
        journal.submit(
          Submission(
            Proposal(origin: .rule, change: .transition(id, .suspend)), at: Rooms.Instant(milliseconds: at)))
      }
    }
    journal.stop()
    for thread in 0..<8 as Range<UInt64> {
      let own = delivered.submissions.compactMap(\.proposal.consultation).filter { $0.high == thread }.map(\.low)
      #expect(own == Array(0..<perThread))
    }
  }

  @Test("of the claims of many practitioners at once exactly one wins, and all others are told who (CU-6.1)")
  func manyClaims() throws {
    try record.play([])
    let delivered = Delivered()
    let journal = GroupCommit(store: record.store, deliver: delivered.append, report: { _ in })
    let claims = (10..<42).map { record.command(.claim(by: PersonID(high: 1, low: $0))) }
    DispatchQueue.concurrentPerform(iterations: claims.count) { journal.submit(claims[$0]) }
    journal.stop()
    let winners = delivered.outcomes.compactMap { outcome in
      if case .recorded(let consultation) = outcome { consultation.state.claim?.practitioner } else { nil }
    }
    let winner = try #require(winners.first)
    #expect(winners.count == 1)
    #expect(delivered.outcomes.filter { $0 == .refused(.alreadyClaimed(by: winner)) }.count == claims.count - 1)
    #expect(try record.load().map { $0.consultation.state.claim?.practitioner } == [winner])
  }
}

struct DiskFull: Error {}

/// What a group commit delivered so far.
final class Delivered: Sendable {
  private let all = Mutex<[Decision]>([])
  private let arrived = DispatchSemaphore(value: 0)

  func append(_ batch: [Decision]) {
    all.withLock { $0 += batch }
    for _ in batch { arrived.signal() }
  }

  func wait(for count: Int) {
    for _ in 0..<count { arrived.wait() }
  }

  var submissions: [Submission] { all.withLock { $0.map(\.submission) } }
  var outcomes: [Outcome] { all.withLock { $0.map(\.outcome) } }
}
