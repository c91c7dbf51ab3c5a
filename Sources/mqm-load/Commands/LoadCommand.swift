import ArgumentParser
import Load

/// A command that puts load on a broker and reports.
protocol LoadCommand: AsyncParsableCommand {
  var options: RunOptions { get }
  /// What its run does.
  var plan: LoadPlan { get }
}

extension LoadCommand {
  func run() async throws { try await Runner(plan, options.target, options.report).run() }

  /// What every command that takes many connections checks in `validate`.
  func checkCount(_ count: Int, _ option: String) throws {
    guard (1...60_000).contains(count) else { throw ValidationError("\(option) must be 1 to 60000.") }
  }
}
