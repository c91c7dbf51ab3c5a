import CLibwebsockets
import Glibc
import Synchronization

/// One thread that waits for sockets, timers and work from other threads, and does everything that is to be done on it.
///
/// It is a `SerialExecutor`: an actor that returns it as its `unownedExecutor` runs on this thread, so that a socket's
/// callback can enter the actor with `assumeIsolated`, without a hop and without a system call.
///
/// The thread starts in `init` and runs until `stop()`, which must be called: a running thread keeps the loop alive.
public final class EventLoop: SerialExecutor, @unchecked Sendable {
  private enum Work {
    case job(UnownedJob)
    case closure(@Sendable () -> Void)
  }

  private let queue = Mutex<[Work]>([])
  /// Whether a wake-up is on its way: many enqueues then cost one write.
  private let signalled = Atomic<Bool>(false)
  private let stopping = Atomic<Bool>(false)
  /// The `pthread_t` of the loop's thread; 0 before it runs and after it ended.
  private let thread = Atomic<UInt>(0)
  private let joined = Mutex<Bool>(false)
  private let handle: pthread_t

  // Everything below belongs to the loop's thread.
  let poller: Poller
  private let wakeup: Wakeup
  private let timers = TimerQueue()
  private var services: [any LoopService] = []
  private var endOfTurn: [() -> Void] = []
  private var batch: [Work] = []
  private var turnObserver: ((UInt64) -> Void)?
  /// Monotonic time in nanoseconds, read once after each wait. On the loop only.
  public private(set) var now: UInt64 = monotonicNanoseconds()

  /// Starts the thread.
  ///
  /// - Parameter name: as shown by `ps -L` and debuggers; the kernel keeps 15 bytes.
  /// - Throws: `TransportError.system` when the process is out of descriptors or threads.
  public init(name: String = "mqm-loop") throws {
    poller = try Poller()
    wakeup = try Wakeup()
    let started = LoopStart(name: name)
    var created = pthread_t()
    let context = Unmanaged.passRetained(started).toOpaque()
    let code = pthread_create(&created, nil, runLoopThread, context)
    guard code == 0 else {
      Unmanaged<LoopStart>.fromOpaque(context).release()
      throw TransportError.system(call: "pthread_create", code: code)
    }
    handle = created
    poller.add(wakeup.descriptor, handler: wakeup, events: Wakeup.events)
    started.give(self)
  }

  // MARK: Work from any thread

  /// Runs `work` on the loop's thread, in the order of the calls. May be called from any thread, the loop's included;
  /// never runs it before returning.
  public func execute(_ work: @escaping @Sendable () -> Void) {
    post(.closure(work))
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    post(.job(UnownedJob(job)))
  }

  public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }

  /// Whether the caller is on the loop's thread. No system call.
  public var isCurrent: Bool {
    thread.load(ordering: .relaxed) == UInt(pthread_self())
  }

  public func checkIsolated() {
    precondition(isCurrent, "this must run on the event loop's thread")
  }

  public func isIsolatingCurrentContext() -> Bool? {
    isCurrent
  }

  /// Runs what was enqueued before, ends the thread, and waits for it. Servers must have been shut down. Not from the
  /// loop's own thread. Calling it again does nothing.
  public func stop() {
    precondition(!isCurrent, "an event loop cannot wait for its own thread")
    stopping.store(true, ordering: .releasing)
    wakeup.signal()
    joined.withLock { joined in
      if !joined { pthread_join(handle, nil) }
      joined = true
    }
  }

  private func post(_ work: Work) {
    queue.withLock { $0.append(work) }
    // The loop looks at the queue before it sleeps; only another thread has to wake it.
    guard !isCurrent else { return }
    if !signalled.exchange(true, ordering: .acquiringAndReleasing) { wakeup.signal() }
  }

  // MARK: On the loop's thread

  /// Runs `work` once on the loop's thread, `delay` from now or as soon after as the loop is free, with the resolution
  /// of a millisecond. On the loop's thread only.
  public func schedule(after delay: Duration, _ work: @escaping () -> Void) -> TimerToken {
    checkIsolated()
    return timers.schedule(at: monotonicNanoseconds() &+ delay.nanoseconds, work)
  }

  /// Runs `work` once when this turn of the loop ends, before outboxes are flushed. On the loop's thread only.
  public func atEndOfTurn(_ work: @escaping () -> Void) {
    checkIsolated()
    endOfTurn.append(work)
  }

  /// Tells `observer` after each turn for how many nanoseconds the loop worked, without its waits. Costs no system call.
  /// On the loop's thread only.
  public func observeTurns(_ observer: @escaping (_ nanoseconds: UInt64) -> Void) {
    checkIsolated()
    turnObserver = observer
  }

  /// Runs `body` on the loop's thread and returns its result, waiting for it if the caller is on another thread.
  func sync<Success>(_ body: @escaping () throws -> Success) throws -> Success {
    if isCurrent { return try body() }
    let call = SyncCall(body)
    execute { call.run() }
    return try call.wait()
  }

  func add(_ service: any LoopService) { services.append(service) }

  func remove(_ service: any LoopService) { services.removeAll { $0 === service } }

  fileprivate func run() {
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    while !stopping.load(ordering: .acquiring) { turn() }
    while runQueue() { finishTurn() }
    finishTurn()
    thread.store(0, ordering: .relaxed)
  }

  private func turn() {
    finishTurn()
    var timeout = timers.milliseconds(from: monotonicNanoseconds())
    for service in services { timeout = service.prepare(timeout) }
    // Preparing may have run libwebsockets' own timers, and their callbacks may have left work behind.
    if hasUnfinished {
      finishTurn()
      timeout = 0
    }
    if queue.withLock({ !$0.isEmpty }) { timeout = 0 }
    if let turnObserver { turnObserver(monotonicNanoseconds() &- now) }

    poller.wait(milliseconds: timeout) { now = monotonicNanoseconds() }
    if wakeup.takeSignal() { signalled.store(false, ordering: .sequentiallyConsistent) }
    timers.fire(until: now)
    _ = runQueue()
  }

  /// Whether there was anything to run.
  private func runQueue() -> Bool {
    queue.withLock { swap(&$0, &batch) }
    guard !batch.isEmpty else { return false }
    for work in batch {
      switch work {
      case .job(let job): job.runSynchronously(on: asUnownedSerialExecutor())
      case .closure(let closure): closure()
      }
    }
    batch.removeAll(keepingCapacity: true)
    return true
  }

  private var hasUnfinished: Bool {
    !endOfTurn.isEmpty || services.contains { $0.hasUnfinished }
  }

  private func finishTurn() {
    // What is finished may leave something new behind: a closed socket tells others. A bound, so that handlers that
    // feed each other cannot keep the loop from its sockets.
    var rounds = 0
    while hasUnfinished, rounds < 16 {
      rounds += 1
      let hooks = endOfTurn
      endOfTurn.removeAll(keepingCapacity: true)
      for hook in hooks { hook() }
      for service in services { service.finishTurn() }
    }
  }
}

/// What takes part in each turn of a loop.
protocol LoopService: AnyObject {
  /// May do what is due, and returns the longest that the loop may sleep, in milliseconds: `timeout` or less (-1 is
  /// without end).
  func prepare(_ timeout: Int32) -> Int32
  /// Whether `finishTurn` has anything to do.
  var hasUnfinished: Bool { get }
  /// Sends what was collected during the turn.
  func finishTurn()
}

/// Hands the loop to its thread once the loop is complete.
private final class LoopStart: @unchecked Sendable {
  let name: String
  private var loop: EventLoop?
  private var ready = sem_t()

  init(name: String) {
    self.name = name
    sem_init(&ready, 0, 0)
  }

  func give(_ loop: EventLoop) {
    self.loop = loop
    sem_post(&ready)
  }

  func take() -> EventLoop? {
    while sem_wait(&ready) != 0 {}
    return loop
  }
}

private func runLoopThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  let start = Unmanaged<LoopStart>.fromOpaque(context).takeRetainedValue()
  _ = pthread_setname_np(pthread_self(), String(decoding: start.name.utf8.prefix(15), as: UTF8.self))
  start.take()?.run()
  return nil
}

/// A call into the loop whose caller waits.
private final class SyncCall<Success>: @unchecked Sendable {
  private let body: () throws -> Success
  private var result: Result<Success, any Error>?
  private var done = sem_t()

  init(_ body: @escaping () throws -> Success) {
    self.body = body
    sem_init(&done, 0, 0)
  }

  func run() {
    result = Result { try body() }
    sem_post(&done)
  }

  func wait() throws -> Success {
    while sem_wait(&done) != 0 {}
    guard let result else { preconditionFailure("a call into the loop ended without a result") }
    return try result.get()
  }
}
