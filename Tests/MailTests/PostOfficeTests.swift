import Foundation
import Logging
import Synchronization
import Testing

@testable import Mail

@Suite("The post office")
struct PostOfficeTests {
  @Test("Letters that are due are delivered and leave the queue; the others wait")
  func delivers() async throws {
    let desk = try Desk()
    await desk.queue.put(1)
    await desk.queue.put(2, .resetPassword(token: token), to: "marc@patients.example")
    await desk.queue.put(3, due: Desk.start + 1)
    await desk.office.deliverDue()
    #expect(Set(desk.postman.given.map(\.recipient.address)) == ["anne@patients.example", "marc@patients.example"])
    #expect(await Set(desk.queue.entries.keys) == [3])
  }

  @Test("A temporary failure is tried again after a minute, then after two, until it works")
  func retries() async throws {
    let failures = Mutex(2)
    let desk = try Desk(
      ScriptedPostman { _ throws(DeliveryFailure) in
        let fails = failures.withLock { count in
          count -= 1
          return count >= 0
        }
        if fails { throw .temporary("busy") }
      })
    await desk.queue.put(1)
    await desk.office.deliverDue()
    #expect(await desk.queue.entries[1] == .init(due: Desk.start + 60_000, tries: 1))
    desk.advance(59_999)
    await desk.office.deliverDue()
    #expect(desk.postman.given.count == 1)
    desk.advance(1)
    await desk.office.deliverDue()
    #expect(await desk.queue.entries[1] == .init(due: Desk.start + 180_000, tries: 2))
    desk.advance(120_000)
    await desk.office.deliverDue()
    #expect(await desk.queue.entries.isEmpty)
    #expect(desk.postman.given.count == 3)
    #expect(try Set(desk.postman.given.map { try ParsedMessage($0.bytes).value("message-id") }).count == 1)
  }

  @Test("A letter that can never be delivered is given up at once; so is one to an address that cannot be used")
  func permanent() async throws {
    let desk = try Desk(ScriptedPostman { _ throws(DeliveryFailure) in throw .permanent("no such user") })
    await desk.queue.put(1)
    await desk.queue.put(2, to: "hélène@patients.example")
    await desk.office.deliverDue()
    #expect(desk.postman.given.map(\.letter) == [1])
    #expect(await desk.queue.entries.values.allSatisfy { $0.givenUp && $0.tries == 1 })
  }

  @Test("A letter that always fails for a while is given up after 25 tries within three days")
  func givesUp() async throws {
    let desk = try Desk(ScriptedPostman { _ throws(DeliveryFailure) in throw .temporary("busy") })
    await desk.queue.put(1)
    while let entry = await desk.queue.entries[1], !entry.givenUp {
      desk.advance(to: max(desk.now, entry.due))
      await desk.office.deliverDue()
    }
    #expect(desk.postman.given.count == 25)
    #expect(desk.now - Desk.start <= 3 * 24 * 3_600_000)
  }

  @Test("A queue that cannot be read is asked again later")
  func unreadable() async throws {
    let desk = try Desk()
    await desk.queue.put(1)
    await desk.queue.breakDown(reading: true)
    await desk.office.deliverDue()
    #expect(desk.postman.given.isEmpty)
    await desk.queue.breakDown()
    await desk.office.deliverDue()
    #expect(await desk.queue.entries.isEmpty)
  }

  @Test("When the queue cannot be written, what was delivered is not delivered again, and nothing else is until it can")
  func unwritable() async throws {
    let desk = try Desk()
    await desk.queue.put(1)
    await desk.queue.breakDown(writing: true)
    await desk.office.deliverDue()
    await desk.queue.put(2)
    for _ in 0..<5 { await desk.office.deliverDue() }
    #expect(desk.postman.given.map(\.letter) == [1])
    await desk.queue.breakDown()
    await desk.office.deliverDue()
    #expect(desk.postman.given.map(\.letter) == [1, 2])
    #expect(await desk.queue.entries.isEmpty)
  }

  @Test("After a crash between delivery and its mark, the letter is delivered again, with the same Message-ID")
  func restart() async throws {
    let before = try Desk()
    await before.queue.put(1)
    await before.queue.breakDown(writing: true)
    await before.office.deliverDue()
    await before.queue.breakDown()
    let after = try Desk(queue: before.queue)
    await after.office.deliverDue()
    let ids = try (before.postman.given + after.postman.given).map { try ParsedMessage($0.bytes).value("message-id") }
    #expect(ids.count == 2)
    #expect(Set(ids).count == 1)
    #expect(await after.queue.entries.isEmpty)
  }

  @Test("Four at most are under way at once, and one that takes long does not hold up the other three")
  func atOnce() async throws {
    let underWay = Mutex((now: 0, most: 0))
    let desk = try Desk(
      ScriptedPostman { _ in
        underWay.withLock {
          $0.now += 1
          $0.most = max($0.most, $0.now)
        }
        for _ in 0..<10 { await Task.yield() }
        underWay.withLock { $0.now -= 1 }
      })
    for id in 1...10 { await desk.queue.put(Int64(id)) }
    for delivered in [4, 8, 10] {
      await desk.office.deliverDue()
      #expect(desk.postman.given.count == delivered)
    }
    #expect((2...4).contains(underWay.withLock { $0.most }))
  }

  @Test("It looks into the queue at once, goes on while there is more, looks again when nudged, and every 2 seconds")
  func run() async throws {
    let desk = try Desk()
    for id in 1...10 { await desk.queue.put(Int64(id)) }
    var arrivals = desk.postman.arrivals.makeAsyncIterator()
    let running = Task { await desk.office.run() }
    for _ in 1...10 { _ = await arrivals.next() }
    await desk.queue.put(11)
    desk.office.nudge()
    #expect(await arrivals.next() == 11)
    await desk.queue.put(12)
    desk.wake()
    #expect(await arrivals.next() == 12)
    running.cancel()
    await running.value
    #expect(desk.slept == [.seconds(2), .seconds(2)])
    #expect(await desk.queue.entries.isEmpty)
  }

  @Test("Cancelled, it ends at once; the letter that was under way waits for the next start, and counts no try")
  func cancelled() async throws {
    let desk = try Desk(
      ScriptedPostman { _ throws(DeliveryFailure) in
        try? await Task.sleep(for: .seconds(600))
        throw .temporary("interrupted")
      })
    await desk.queue.put(1)
    var arrivals = desk.postman.arrivals.makeAsyncIterator()
    let running = Task { await desk.office.run() }
    #expect(await arrivals.next() == 1)
    running.cancel()
    await running.value
    #expect(await desk.queue.entries[1] == .init(due: 0))
  }

  @Test("Cancelled while it looks into the queue, it takes nothing, and complains of nothing")
  func cancelledBefore() async throws {
    let desk = try Desk()
    await desk.queue.put(1)
    await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      await desk.office.deliverDue()
    }.value
    #expect(desk.postman.given.isEmpty)
    #expect(desk.log.all.isEmpty)
  }

  @Test("Cancelled after a letter was delivered, it still marks it")
  func cancelledAfterDelivery() async throws {
    let desk = try Desk(ScriptedPostman { _ in try? await Task.sleep(for: .seconds(600)) })
    await desk.queue.put(1)
    var arrivals = desk.postman.arrivals.makeAsyncIterator()
    let running = Task { await desk.office.run() }
    #expect(await arrivals.next() == 1)
    running.cancel()
    await running.value
    #expect(await desk.queue.entries.isEmpty)
  }

  @Test("The log has ids and kinds, and no address, name or token (CU-12.5)")
  func log() async throws {
    let desk = try Desk(
      ScriptedPostman { message throws(DeliveryFailure) in
        if message.letter == 2 { throw .temporary("busy") }
        if message.letter == 3 { throw .permanent("refused") }
      })
    for (place, letter) in everyLetter.enumerated() {
      await desk.queue.put(Int64(place + 1), letter, to: "anne.martin@patients.example")
    }
    await desk.queue.put(100, to: "hélène@patients.example")
    while await desk.queue.entries.values.contains(where: { $0.tries == 0 }) { await desk.office.deliverDue() }
    await desk.queue.breakDown(reading: true)
    await desk.office.deliverDue()
    let lines = desk.log.all
    #expect(lines.count == everyLetter.count + 2)
    #expect(lines.contains { $0.hasPrefix("info letter delivered") && $0.contains("confirm_registration") })
    #expect(lines.contains { $0.hasPrefix("warning letter not delivered yet") && $0.contains("busy") })
    #expect(lines.contains { $0.hasPrefix("error letter given up") && $0.contains("refused") })
    for line in lines {
      for secret in ["patients.example", "Anne", "Néill", "hélène", "RPPS", token] { #expect(!line.contains(secret)) }
    }
  }
}

/// A post office with a clock that a test moves.
private final class Desk: Sendable {
  static let start = morning
  let queue: MemoryQueue
  let postman: ScriptedPostman
  let office: PostOffice
  let log = LogCollector.Lines()
  private let clock: Clock

  private final class Clock: Sendable {
    let now = Mutex(Desk.start)
    let slept = Mutex<[Duration]>([])
    let alarm: AsyncStream<Void>
    let ringing: AsyncStream<Void>.Continuation

    init() { (alarm, ringing) = AsyncStream.makeStream() }

    func sleep(_ duration: Duration) async throws {
      slept.withLock { $0.append(duration) }
      for await _ in alarm { return }
      throw CancellationError()
    }
  }

  init(_ postman: ScriptedPostman = ScriptedPostman(), queue: MemoryQueue = MemoryQueue()) throws {
    self.queue = queue
    self.postman = postman
    let clock = Clock()
    self.clock = clock
    let lines = log
    office = PostOffice(
      queue: queue, postman: postman, sender: try Mailbox("no-reply@mqm.example"), origin: origin,
      logger: Logger(label: "mail") { _ in LogCollector(lines: lines) },
      timing: .init(now: { clock.now.withLock { $0 } }, sleep: clock.sleep, jitter: { 0 }))
  }

  var now: Int64 { clock.now.withLock { $0 } }
  var slept: [Duration] { clock.slept.withLock { $0 } }
  func advance(_ milliseconds: Int64) { clock.now.withLock { $0 += milliseconds } }
  func advance(to time: Int64) { clock.now.withLock { $0 = time } }
  /// Ends the sleep that is going on.
  func wake() { clock.ringing.yield() }
}
