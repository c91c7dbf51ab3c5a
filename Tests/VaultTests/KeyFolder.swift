import Foundation

@testable import Vault

/// A temporary folder with a file of master keys.
final class KeyFolder {
  let folder: URL
  var path: String { folder.appending(path: "master.key").path }
  var file: MasterKeyFile { MasterKeyFile(path: path) }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "vault-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  func write(_ text: String, mode: Int = 0o600) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  func text() throws -> String { try String(contentsOfFile: path, encoding: .ascii) }
}

extension VaultFailure {
  /// Of what is done, nil if it is not refused.
  static func of(_ work: () throws -> Void) -> VaultFailure? {
    do {
      try work()
      return nil
    } catch {
      return error as? VaultFailure
    }
  }
}
