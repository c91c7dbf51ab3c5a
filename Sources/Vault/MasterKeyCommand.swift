import Foundation
import Glibc

/// A shell command that writes the master keys to its standard output, such as one that asks a key store.
struct MasterKeyCommand {
  static let secondsAtMost = 30
  static let bytesAtMost = 65_536

  let command: String

  /// Runs it with the environment of this process, and blocks until it ended.
  ///
  /// - Throws: ``VaultFailure/noKey(why:)`` if it fails, or takes longer than ``secondsAtMost``.
  func output() throws(VaultFailure) -> String {
    let quoted = "'" + command.replacingOccurrences(of: "'", with: "'\\''") + "'"
    guard let stream = popen("exec timeout -k 1 \(Self.secondsAtMost) sh -c \(quoted)", "re") else {
      throw .noKey(why: "the command of 'master-key-command' cannot be started")
    }
    var said = Data()
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while said.count <= Self.bytesAtMost {
      let count = fread(&buffer, 1, buffer.count, stream)
      guard count > 0 else { break }
      said.append(contentsOf: buffer[..<count])
    }
    let status = pclose(stream)
    guard status == 0 else {
      throw .noKey(
        why: "the command of 'master-key-command' failed (status \(status >> 8)); run it by hand to see what it says")
    }
    return String(decoding: said, as: UTF8.self)
  }
}
