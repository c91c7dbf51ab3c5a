import TestSupport
import Testing

@testable import Transport

/// An actor on the loop's thread, as the broker is.
private actor Pinned {
  private let loop: EventLoop
  private(set) var count = 0

  init(loop: EventLoop) { self.loop = loop }

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  func increment() -> Bool {
    count += 1
    return loop.isCurrent
  }

  func received(_ text: UnsafeRawBufferPointer, from socket: WebSocket) {
    count += 1
    socket.send(text: "\(count): " + String(decoding: text, as: UTF8.self))
  }
}

@Suite struct EventLoopTests {
  private static func withLoop<Result>(_ body: (EventLoop) async throws -> Result) async throws -> Result {
    let loop = try EventLoop()
    defer { loop.stop() }
    return try await body(loop)
  }

  @Test func `An actor that names the loop as its executor runs on its thread`() async throws {
    try await Self.withLoop { loop in
      let actor = Pinned(loop: loop)
      for _ in 0..<1_000 { #expect(await actor.increment()) }
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<100 { group.addTask { for _ in 0..<100 { _ = await actor.increment() } } }
      }
      #expect(await actor.count == 11_000)
    }
  }

  @Test func `Each turn is told with the time that the loop worked, without its waits`() throws {
    let loop = try EventLoop()
    defer { loop.stop() }
    let turns = Inbox<UInt64>()
    loop.execute { loop.observeTurns { turns.append($0) } }
    _ = try turns.next()
    let begin = monotonicNanoseconds()
    loop.execute {
      // Works for 20 ms, by the clock.
      while monotonicNanoseconds() - begin < 20_000_000 {}
    }
    var longest: UInt64 = 0
    while longest < 15_000_000 { longest = max(longest, try turns.next()) }
    let waited = monotonicNanoseconds()
    loop.execute { _ = loop.schedule(after: .milliseconds(200)) {} }
    var total: UInt64 = 0
    while monotonicNanoseconds() - waited < 150_000_000 { total += try turns.next() }
    #expect(total < monotonicNanoseconds() - waited - 50_000_000, "a wait is no work")
  }

  @Test func `A handler enters that actor without a hop`() throws {
    let handler = TestHandler()
    let server = try TestServer(handler)
    defer { server.stop() }
    let actor = Pinned(loop: server.loop)
    handler.onReceived = { socket, text in
      // A pointer is not Sendable, but nothing is sent: the actor is on this very thread.
      nonisolated(unsafe) let text = text
      actor.assumeIsolated { $0.received(text, from: socket) }
    }
    let client = try TestClient.open(server)
    for index in 1...100 {
      try client.sendText("hello")
      #expect(try client.text() == "\(index): hello")
    }
  }

  @Test func `Work from other threads runs in order`() throws {
    let loop = try EventLoop()
    defer { loop.stop() }
    let results = Inbox<Int>()
    let workers = (0..<4).map { worker in
      Worker { for index in 0..<1_000 { loop.execute { results.append(worker * 1_000_000 + index) } } }
    }
    for worker in workers { worker.wait() }
    var next = [0, 0, 0, 0]
    for _ in 0..<4_000 {
      let result = try results.next()
      let worker = result / 1_000_000
      #expect(next[worker] == result % 1_000_000)
      next[worker] += 1
    }
  }

  @Test func `Work that adds work does not starve timers`() throws {
    let loop = try EventLoop()
    defer { loop.stop() }
    let fired = Inbox<Bool>()
    loop.execute {
      nonisolated(unsafe) var isDone = false
      @Sendable func again() { if !isDone { loop.execute { again() } } }
      again()
      _ = loop.schedule(after: .milliseconds(5)) {
        isDone = true
        fired.append(true)
      }
    }
    #expect(try fired.next())
  }

  @Test func `Timers fire in the order of their time, and cancelled ones never`() throws {
    let loop = try EventLoop()
    defer { loop.stop() }
    let fired = Inbox<Int>()
    loop.execute {
      var tokens: [TimerToken] = []
      for milliseconds in [30, 10, 20, 10, 0] {
        tokens.append(loop.schedule(after: .milliseconds(milliseconds)) { fired.append(milliseconds) })
      }
      tokens[3].cancel()
      #expect(!tokens[3].isPending)
      #expect(tokens[0].isPending)
    }
    #expect(try [fired.next(), fired.next(), fired.next(), fired.next()] == [0, 10, 20, 30])
    #expect(fired.isEmpty)
  }

  @Test func `Thousands of timers, most of them cancelled, fire exactly as they should`() {
    let queue = TimerQueue()
    var fired: [UInt64] = []
    var expected: [UInt64] = []
    var state: UInt64 = 42
    for index in 0..<5_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let deadline = state >> 44
      let token = queue.schedule(at: deadline) { fired.append(deadline) }
      if index % 5 == 0 { expected.append(deadline) } else { token.cancel() }
    }
    queue.fire(until: .max)
    #expect(fired == expected.sorted())
    #expect(queue.milliseconds(from: 0) == -1)
  }

  @Test func `A timer cancelled by another that fires at the same time does not fire`() {
    let queue = TimerQueue()
    var fired: [Int] = []
    var second: TimerToken?
    _ = queue.schedule(at: 1) {
      fired.append(1)
      second?.cancel()
    }
    second = queue.schedule(at: 1) { fired.append(2) }
    queue.fire(until: 1)
    #expect(fired == [1])
  }

  @Test func `What is to happen at the end of a turn happens once, and before the next`() throws {
    let loop = try EventLoop()
    defer { loop.stop() }
    let order = Inbox<String>()
    loop.execute {
      loop.atEndOfTurn { order.append("end") }
      loop.execute { order.append("next turn") }
      order.append("turn")
    }
    #expect(try [order.next(), order.next(), order.next()] == ["turn", "end", "next turn"])
  }

  @Test func `What was enqueued before the end still runs`() throws {
    let loop = try EventLoop()
    let results = Inbox<Int>()
    for index in 0..<100 { loop.execute { results.append(index) } }
    loop.stop()
    for index in 0..<100 { #expect(try results.next() == index) }
  }
}
