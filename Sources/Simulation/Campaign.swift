/// Many schedules, each from a seed of its own: the first one's is the campaign's, the next one's is one more, and so on.
public struct Campaign: Sendable {
  public let seed: UInt64
  public let schedules: Int
  public let fault: Fault?

  public init(seed: UInt64, schedules: Int, fault: Fault? = nil) {
    self.seed = seed
    self.schedules = schedules
    self.fault = fault
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
  }

  /// Schedules played by one task in one go.
  private static let batch = 500

  /// Plays them, on `tasks` cores, until all are done or one has failed.
  ///
  /// - Parameter progress: called with the number of schedules done so far, at most once for each batch.
  public func run(tasks: Int, progress: (Int) -> Void = { _ in }) async -> Result {
    let batches = (schedules + Self.batch - 1) / Self.batch
    return await withTaskGroup(of: Result.self) { group in
      var next = 0
      while next < min(tasks, batches) {
        add(next, to: &group)
        next += 1
      }
      var done = 0
      var coverage = Coverage()
      var failure: Failure?
      for await result in group {
        done += result.schedules
        coverage = coverage + result.coverage
        if let found = result.failure, found.seed &- seed < failure.map({ $0.seed &- seed }) ?? .max { failure = found }
        progress(done)
        if failure == nil, next < batches {
          add(next, to: &group)
          next += 1
        }
      }
      return Result(schedules: done, coverage: coverage, failure: failure)
    }
  }

  private func add(_ batch: Int, to group: inout TaskGroup<Result>) {
    group.addTask {
      let first = batch * Self.batch
      return play(first..<min(first + Self.batch, schedules))
    }
  }

  private func play(_ numbers: Range<Int>) -> Result {
    var coverage = Coverage()
    for number in numbers {
      var schedule = Schedule(seed: seed &+ UInt64(number), fault: fault, keepsTranscript: false)
      schedule.run()
      coverage = coverage + schedule.coverage
      if schedule.oracle.violation != nil {
        let failure = replay(schedule.seed)
        return Result(schedules: number - numbers.lowerBound + 1, coverage: coverage, failure: failure)
      }
    }
    return Result(schedules: numbers.count, coverage: coverage, failure: nil)
  }

  /// The same again, this time with a transcript.
  private func replay(_ seed: UInt64) -> Failure {
    var schedule = Schedule(seed: seed, fault: fault, keepsTranscript: true)
    schedule.run()
    return Failure(
      seed: seed, violation: schedule.oracle.violation ?? "not found again: the schedule is not deterministic",
      transcript: schedule.transcript.lines)
  }
}
