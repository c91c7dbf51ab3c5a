import ArgumentParser
import Foundation
import MQMSessions

/// `mqm-broker backup`
struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Make a consistent copy of the databases of a running broker.",
    discussion: """
      Copies record, documents and accounts into a new folder, with a manifest of their hashes. The broker may be running. \
      No key is in it: neither the master key, nor the key that signs the record, nor the consultations' data keys.

      With --keys the data keys are mirrored into another folder, where those that were destroyed since the last time are \
      gone afterwards. Keep one mirror, not generations of it, apart from the backups; whoever has backup, mirror and \
      master key reads what is not closed. docs/backup.md explains it all.

      EXAMPLES
        mqm-broker backup --data data /backups/2026-11-25
        mqm-broker backup --data data /backups/2026-11-25 --keys /keys
      """)

  @Argument(help: "The folder to make; it must be empty if it is there.")
  var folder: String

  @Option(name: .long, help: ArgumentHelp("Folder of the data.", valueName: "folder"))
  var data = ".data"

  @Option(
    name: .long,
    help: ArgumentHelp("Folder to mirror the consultations' data keys to, outside the backup.", valueName: "folder"))
  var keys: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "File with the consultations' data keys; by default $MQM_VAULT_KEYS, or keys.sqlite in the folder of the data.",
      valueName: "file"))
  var vaultKeys: String?

  func run() async throws {
    do {
      try await backUp()
    } catch let failure as BackupFailure {
      tell(failure.description)
      throw ExitCode.failure
    }
  }

  private func backUp() async throws {
    let source = URL(filePath: data, directoryHint: .isDirectory)
    let target = URL(filePath: folder, directoryHint: .isDirectory)
    guard FileManager.default.fileExists(atPath: source.appending(path: "accounts.sqlite").path) else {
      throw BackupFailure("There is no data in the folder '\(data)'. Say with --data where the broker has its data.")
    }
    guard target.isEmptyOrMissing else {
      throw BackupFailure("The folder '\(folder)' is not empty. Each backup has a folder of its own: name a new one.")
    }
    let mirror = keys.map { URL(filePath: $0, directoryHint: .isDirectory) }
    if let mirror, mirror.isInside(target) || mirror.isInside(source) {
      throw BackupFailure("The keys must be apart from the backup and the data: name another folder with --keys.")
    }
    try target.makeFolder()
    let madeAt = currentMilliseconds()
    var files: [BackupManifest.File] = []
    for name in BackupManifest.databases {
      let database = source.appending(path: name)
      guard FileManager.default.fileExists(atPath: database.path) else { continue }
      let copy = target.appending(path: name)
      try await Self.copy(database, to: copy)
      let digest = try FileDigest(of: copy)
      files.append(
        .init(name: name, bytes: digest.bytes, sha256: digest.sha256, schema: try DatabaseCopy.schema(of: copy)))
    }
    try BackupManifest(madeAt: madeAt, files: files).write(to: target)
    if let mirror { try await mirrorKeys(of: source, to: mirror) }
    tell("backed up to \(folder): \(files.map(\.name).joined(separator: ", "))")
  }

  /// The new mirror takes the old one's place at once; what only the old one had is gone.
  private func mirrorKeys(of source: URL, to mirror: URL) async throws {
    let environment = ProcessInfo.processInfo.environment
    let keys =
      (vaultKeys ?? environment["MQM_VAULT_KEYS"]).map { URL(filePath: $0) } ?? source.appending(path: "keys.sqlite")
    guard FileManager.default.fileExists(atPath: keys.path) else {
      throw BackupFailure("There is no file of data keys '\(keys.path)'. Say with --vault-keys where it is.")
    }
    try mirror.makeFolder()
    let new = mirror.appending(path: "keys.sqlite.new")
    try? FileManager.default.removeItem(at: new)
    try await Self.copy(keys, to: new)
    guard rename(new.path, mirror.appending(path: "keys.sqlite").path) == 0 else {
      throw BackupFailure("\(mirror.path)/keys.sqlite cannot be replaced (\(String(cString: strerror(errno)))).")
    }
    tell("data keys mirrored to \(mirror.path)")
  }

  /// Copies one database, and says once a second how far it is.
  private static func copy(_ source: URL, to target: URL) async throws {
    let total = source.fileBytes
    tell("copying \(source.lastPathComponent), about \(total) bytes")
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await onThread { try DatabaseCopy.write(source, to: target) } }
        group.addTask {
          while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            if !Task.isCancelled { tell("\(target.fileBytes) of about \(total) bytes") }
          }
        }
        try await group.next()
        group.cancelAll()
      }
    } catch {
      throw BackupFailure("\(source.lastPathComponent) cannot be copied: \(error)")
    }
  }

  /// Does what blocks for long on a thread of its own.
  private static func onThread(_ work: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      Thread.detachNewThread { done.resume(with: Result { try work() }) }
    }
  }
}
