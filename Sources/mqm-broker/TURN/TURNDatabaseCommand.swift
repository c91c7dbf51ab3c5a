import Foundation
import Mail
import Signaling

/// Hands SQL to a shell command of the operator's, such as one that runs sqlite3 on coturn's user database. What it is given
/// stands on its standard input, where nobody else on the machine sees it.
struct TURNDatabaseCommand: TURNDatabase {
  private static let secondsAtMost = 20

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let command: String

  func execute(_ statements: String) async throws {
    let run = Command(
      program: "/bin/sh", arguments: ["-c", command], input: Data(statements.utf8), limit: Self.secondsAtMost)
    let ending = await run.run()
    guard case .exited(0, _) = ending else {
      throw Failure(
        description:
          "'ice.turn-database-command' did not end with 0 (\(Self.words(ending))); run it by hand to see what it says"
      )
    }
  }

  /// Without what it said, in which there may be secrets.
  private static func words(_ ending: Command.Ending) -> String {
    switch ending {
    case .exited(let status, _): "status \(status)"
    case .killed(let signal): "signal \(signal)"
    case .outOfTime: "longer than \(secondsAtMost) s"
    case .cancelled: "cancelled"
    case .notStarted(let why): why
    }
  }
}
