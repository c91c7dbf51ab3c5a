import Accounts
import ArgumentParser
import Foundation
import MQMSessions
import Rooms
import Vault

/// `mqm-broker restore`
struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a backup in place, without what was closed or erased since.",
    discussion: """
      Checks the backup, copies it, takes out the health data of consultations that were closed since and the accounts that \
      were erased since, and gives the folder its name only then. The folder must not be there, or be empty.

      --closures names the file that the record exports its closures to (`record.heads-file`), from where it was kept \
      safe. --keys names the folder of the mirrored data keys: what was sealed under a key that is not there any more is \
      destroyed, too. Without it all reasons, copies of health files and documents of the backup are, as nobody can open \
      them. The master key must be given as for the broker.

      EXAMPLE
        mqm-broker restore /backups/2026-11-25 --data data \\
          --keys /keys --closures /elsewhere/heads.jsonl --master-key /secret/master.key
      """)

  @Argument(help: "The folder of the backup.")
  var backup: String

  @Option(name: .long, help: ArgumentHelp("The new folder of the data.", valueName: "folder"))
  var data: String

  @Option(name: .long, help: ArgumentHelp("Folder of the mirrored data keys.", valueName: "folder"))
  var keys: String?

  @Option(name: .long, help: ArgumentHelp("File with closures and erasures since the backup.", valueName: "file"))
  var closures: String?

  @OptionGroup var masterKey: MasterKeyOptions

  func run() async throws {
    do {
      try await restore()
    } catch let failure as BackupFailure {
      tell(failure.description)
      throw ExitCode.failure
    } catch let failure as VaultFailure {
      tell("\(failure)")
      throw ExitCode(EX_UNAVAILABLE)
    } catch let refusal as AccountRefusal {
      tell(refusal.message)
      throw refusal.exitCode
    }
  }

  private func restore() async throws {
    let target = URL(filePath: data, directoryHint: .isDirectory)
    guard !DataFolder.isInUse(target) else {
      throw BackupFailure("A broker is running on the folder '\(data)'. Stop it, and name another folder with --data.")
    }
    guard target.isEmptyOrMissing else {
      throw BackupFailure("The folder '\(data)' is not empty. Name a new one with --data; nothing is overwritten.")
    }
    let lines = try closures.map { try ClosureLines(reading: URL(filePath: $0)) }
    let source = URL(filePath: backup, directoryHint: .isDirectory)
    let manifest = try BackupManifest(verifying: source)
    let work = URL(filePath: target.path + ".restoring", directoryHint: .isDirectory)
    guard !FileManager.default.fileExists(atPath: work.path) else {
      throw BackupFailure(
        "'\(work.path)' is left of a restoration that was interrupted. Delete it, and run this again.")
    }
    try work.makeFolder()
    do {
      try copy(manifest, from: source, to: work)
      try await takeOut(lines, in: work)
      guard rename(work.path, target.path) == 0 else {
        throw BackupFailure("'\(data)' cannot be made (\(String(cString: strerror(errno)))).")
      }
    } catch {
      try? FileManager.default.removeItem(at: work)
      throw error
    }
    if lines == nil {
      tell("no closures were given: what was closed or erased since the backup is known by its keys only")
    }
    tell("restored to \(data); start the broker with the same master key")
  }

  private func copy(_ manifest: BackupManifest, from source: URL, to work: URL) throws {
    for file in manifest.files {
      tell("copying \(file.name)")
      let copy = work.appending(path: file.name)
      try Self.copy(source.appending(path: file.name), to: copy)
      guard try FileDigest(of: copy).sha256 == file.sha256 else {
        throw BackupFailure("\(file.name) changed while it was copied. Run this again.")
      }
    }
    guard let keys else { return tell("no data keys are given: sealed health data is destroyed") }
    let mirror = URL(filePath: keys, directoryHint: .isDirectory).appending(path: "keys.sqlite")
    guard FileManager.default.fileExists(atPath: mirror.path) else {
      throw BackupFailure("There is no keys.sqlite in '\(keys)'. Name the folder that backup --keys wrote to.")
    }
    try Self.copy(mirror, to: work.appending(path: "keys.sqlite"))
  }

  private static func copy(_ source: URL, to target: URL) throws {
    do {
      try FileManager.default.copyItem(at: source, to: target)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: target.path)
    } catch {
      throw BackupFailure("\(source.path) cannot be copied: \(error.localizedDescription)")
    }
  }

  /// Replays closures and erasures.
  private func takeOut(_ lines: ClosureLines?, in work: URL) async throws {
    let keyring = try masterKey.keyring(standard: work.appending(path: "master.key"))
    // Opened first, as its data shows whether the master key is the right one.
    let accounts = try AccountStore(path: work.appending(path: "accounts.sqlite").path, keyring: keyring)
    let keys = try ConsultationKeys(file: work.appending(path: "keys.sqlite"), keyring: keyring)
    let closed = lines?.closed ?? []
    let lost = try RestoredRecord(file: work.appending(path: "record.sqlite"))
      .destroyHealthData(of: closed, keys: keys)
    try removeDocuments(of: closed.union(lost), keys: keys, in: work)
    let erased = try await accounts.eraseAgain(lines?.erased ?? [], now: currentMilliseconds())
    _ = try await accounts.scrub()
    tell("\(lost.count) consultations without their health data, \(erased) accounts erased again")
  }

  private func removeDocuments(of consultations: Set<ConsultationID>, keys: ConsultationKeys, in work: URL) throws {
    let file = work.appending(path: "documents.sqlite")
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    let documents = try DocumentStore(file: file, keys: keys, limits: DocumentLimits())
    for consultation in consultations { try documents.removeAll(of: consultation) }
    _ = documents.scrub()
  }
}
