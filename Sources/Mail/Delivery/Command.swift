public import Foundation

/// Runs another program on a thread of its own, with a time limit, and an environment in which there is nothing of
/// ours.
///
/// Not `Foundation.Process`: on Linux its children have nearly all signals blocked, and it notices that one ended only
/// when the ones that it left behind in the background, as a sendmail may, have ended too.
public struct Command: Sendable {
  /// An absolute path.
  let program: String
  let arguments: [String]
  /// Its standard input.
  let input: Data
  /// What the program can open as ``attachmentPath``, in the place of its standard error; nil for nothing there.
  var attachment: Data?
  /// Seconds.
  let limit: Int

  static let attachmentPath = "/dev/fd/2"

  /// - Parameters:
  ///   - program: an absolute path.
  ///   - input: its standard input.
  ///   - attachment: what it can open as its standard error; nil for nothing there.
  ///   - limit: seconds, after which it is killed.
  public init(program: String, arguments: [String], input: Data, attachment: Data? = nil, limit: Int) {
    self.program = program
    self.arguments = arguments
    self.input = input
    self.attachment = attachment
    self.limit = limit
  }

  public enum Ending: Equatable, Sendable {
    /// - Parameter output: its standard output, 256 bytes at most.
    case exited(Int32, output: String)
    case killed(signal: Int32)
    case outOfTime
    case cancelled
    /// - Parameter why: without what was given to it.
    case notStarted(why: String)
  }

  /// Cancelling the task kills the program.
  public func run() async -> Ending {
    let child = ChildProcess()
    return await withTaskCancellationHandler {
      await DeliveryThreads.run { start(child) }
    } onCancel: {
      child.kill(becauseOf: .cancelled)
    }
  }

  private func start(_ child: ChildProcess) -> Ending {
    do throws(SystemError) {
      let input = try MemoryFile(input)
      let output = try MemoryFile(Data())
      let attachment = try attachment.map { data throws(SystemError) in try MemoryFile(data) }
      let watch = DispatchWorkItem { child.kill(becauseOf: .outOfTime) }
      let ending = try child.run([program] + arguments, input: input, output: output, error: attachment) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(limit), execute: watch)
      }
      watch.cancel()
      guard case .exited(let status, _) = ending else { return ending }
      return .exited(status, output: output.beginning(256))
    } catch {
      return .notStarted(why: String(cString: strerror(error.code)))
    }
  }
}
