import Foundation
import Glibc

/// The folder that holds everything durable, for one broker at a time.
struct DataFolder {
  let url: URL

  enum Failure: Error, CustomStringConvertible {
    case cannotMake(String, any Error)
    case inUse(String)

    var description: String {
      switch self {
      case .cannotMake(let path, let error):
        "The data folder '\(path)' cannot be used: \(error.localizedDescription). Choose another with --data."
      case .inUse(let path):
        "Another broker is running on the data folder '\(path)'. Stop it, or choose another folder with --data."
      }
    }
  }

  var accounts: URL { url.appendingPathComponent("accounts.sqlite") }
  var documents: URL { url.appendingPathComponent("documents.sqlite") }
  var outbox: URL { url.appendingPathComponent("outbox") }
  var masterKey: URL { url.appendingPathComponent("master.key") }
  var keys: URL { url.appendingPathComponent("keys.sqlite") }
  var heads: URL { url.appendingPathComponent("heads.jsonl") }
  var signingKey: URL { url.appendingPathComponent("record-signing.key") }
  var record: URL { url.appendingPathComponent("record.sqlite") }

  private var demoMark: URL { url.appendingPathComponent("demo") }

  /// Whether the demonstration's people are, or may be, in it.
  var isDemo: Bool { FileManager.default.fileExists(atPath: demoMark.path) }

  func markAsDemo() throws {
    try Data("Accounts with a public password are in this folder.\n".utf8).write(to: demoMark)
  }

  /// Makes the folder if need be, and keeps other brokers out of it for as long as this process lives.
  init(path: String) throws {
    url = URL(fileURLWithPath: path, isDirectory: true)
    do {
      try FileManager.default.createDirectory(
        at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Failure.cannotMake(path, error)
    }
    // Never closed: the kernel gives the lock back when the process ends, however it ends.
    let descriptor = open(url.appendingPathComponent("lock").path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure.cannotMake(path, POSIXError(.init(rawValue: errno) ?? .EIO)) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw Failure.inUse(path) }
  }

  /// Whether a broker runs on that folder now.
  static func isInUse(_ folder: URL) -> Bool {
    let descriptor = open(folder.appendingPathComponent("lock").path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
