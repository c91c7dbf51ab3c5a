import Foundation
import MQMSessions
import Mail

/// Hands lines to a shell command of the operator's, such as one that sends them to another machine.
struct HeadsCommand: HeadTarget {
  private static let secondsAtMost = 60

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let command: String
  let name = "command"

  func hand(over lines: [String]) async throws {
    let input = Data(lines.map { $0 + "\n" }.joined().utf8)
    let run = Command(program: "/bin/sh", arguments: ["-c", command], input: input, limit: Self.secondsAtMost)
    let ending = await run.run()
    guard case .exited(0, _) = ending else {
      throw Failure(description: "'record.heads-command' did not end with 0 (\(ending))")
    }
  }
}
