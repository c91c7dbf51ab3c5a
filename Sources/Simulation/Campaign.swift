/// Many schedules, each from a seed of its own: the first one's is the campaign's, the next one's is one more, and so on.
public struct Campaign: Sendable {
  public let seed: UInt64
  public let goal: Goal
  public let fault: Fault?
  public let crashes: Crashes

  public init(seed: UInt64, goal: Goal, fault: Fault? = nil, crashes: Crashes = .atRandom) {
    self.seed = seed
    self.goal = goal
    self.fault = fault
    self.crashes = crashes
  }

  /// When it is done.
  public enum Goal: Equatable, Sendable {
    case schedules(Int)
    /// So many consultations were asked for; those of the last batches are more.
    case consultations(Int)

    /// Of schedules, or of consultations.
    public var count: Int {
      switch self {
      case .schedules(let count), .consultations(let count): count
      }
    }
  }

  /// When the process dies.
  public enum Crashes: Sendable {
    /// Now and then.
    case atRandom
    /// Short schedules, each played again with a crash after its first step, then after its second, and so on to its last.
    case afterEachStep
  }

  /// A schedule in which a clause was broken.
  public struct Failure: Equatable, Sendable {
    /// A campaign of one schedule with this seed plays it again.
    public let seed: UInt64
    public let violation: String
    public let transcript: [String]
  }

  public struct Result: Sendable {
    public let schedules: Int
    public let coverage: Coverage
    /// The failure with the lowest seed among those found before the campaign stopped.
    public let failure: Failure?

    func has(reached goal: Goal) -> Bool {
      switch goal {
      case .schedules(let count): schedules >= count
      case .consultations(let count): coverage.consultations >= count
      }
    }
  }

  /// Schedules played by one task in one go.
  private var batch: Int { crashes == .afterEachStep ? 5 : 100 }

  /// The schedules of a batch; none when there are no more.
  private func numbers(of batch: Int) -> Range<Int> {
    let first = batch * self.batch
    let last = if case .schedules(let count) = goal { min(first + self.batch, count) } else { first + self.batch }
    return first..<max(first, last)
  }

  /// Plays them, on `tasks` cores, until all are done or one has failed.
  ///
  /// - Parameter progress: called with what was done so far, at most once for each batch.
  public func run(tasks: Int, progress: (Result) -> Void = { _ in }) async -> Result {
    await withTaskGroup(of: Result.self) { group in
      var next = 0
      while next < tasks, !numbers(of: next).isEmpty {
        add(next, to: &group)
        next += 1
      }
      var total = Result(schedules: 0, coverage: Coverage(), failure: nil)
      for await result in group {
        total = sum(total, result)
        progress(total)
        if total.failure == nil, !total.has(reached: goal), !numbers(of: next).isEmpty {
          add(next, to: &group)
          next += 1
        }
      }
      return total
    }
  }

  private func sum(_ one: Result, _ other: Result) -> Result {
    let failures = [one.failure, other.failure].compactMap { $0 }
    return Result(
      schedules: one.schedules + other.schedules, coverage: one.coverage + other.coverage,
      failure: failures.min { $0.seed &- seed < $1.seed &- seed })
  }

  private func add(_ batch: Int, to group: inout TaskGroup<Result>) {
    group.addTask { play(numbers(of: batch)) }
  }

  private func play(_ numbers: Range<Int>) -> Result {
    var coverage = Coverage()
    for number in numbers {
      let failure = play(seed &+ UInt64(number), &coverage)
      if failure != nil {
        return Result(schedules: number - numbers.lowerBound + 1, coverage: coverage, failure: failure)
      }
    }
    return Result(schedules: numbers.count, coverage: coverage, failure: nil)
  }

  private func play(_ seed: UInt64, _ coverage: inout Coverage) -> Failure? {
    let length: Schedule.Length = crashes == .afterEachStep ? .short : .full
    var whole = Schedule(seed: seed, fault: fault, length: length, keepsTranscript: false)
    whole.run()
    coverage = coverage + whole.coverage
    if whole.oracle.violation != nil { return replay(whole) }
    guard crashes == .afterEachStep else { return nil }
    for point in 1...max(1, whole.beats) {
      var schedule = Schedule(seed: seed, fault: fault, length: length, crashPoint: point, keepsTranscript: false)
      schedule.run()
      coverage = coverage + schedule.coverage
      if schedule.oracle.violation != nil { return replay(schedule) }
    }
    return nil
  }

  /// The same again, this time with a transcript.
  private func replay(_ failed: Schedule) -> Failure {
    var schedule = Schedule(
      seed: failed.seed, fault: fault, length: failed.length, crashPoint: failed.crashPoint, keepsTranscript: true)
    schedule.run()
    return Failure(
      seed: failed.seed, violation: schedule.oracle.violation ?? "not found again: the schedule is not deterministic",
      transcript: schedule.transcript.lines)
  }
}
