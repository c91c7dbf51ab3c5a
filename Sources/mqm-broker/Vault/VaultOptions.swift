import Accounts
import ArgumentParser
import Foundation
import MQMSessions
import Vault

/// What the commands about keys have in common.
struct VaultOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Folder of the data.", valueName: "folder"))
  var data = ".data"

  @OptionGroup var masterKey: MasterKeyOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "File with the consultations' data keys; by default $MQM_VAULT_KEYS, or keys.sqlite in the folder of the data.",
      valueName: "file"))
  var vaultKeys: String?

  var folder: URL { URL(filePath: data, directoryHint: .isDirectory) }

  var keysFile: URL {
    (vaultKeys ?? ProcessInfo.processInfo.environment["MQM_VAULT_KEYS"]).map { URL(filePath: $0) }
      ?? folder.appending(path: "keys.sqlite")
  }

  func keyring() throws -> MasterKeyring {
    try masterKey.keyring(standard: folder.appending(path: "master.key"))
  }

  /// Whatever is sealed under the master key.
  func open(_ keyring: MasterKeyring) throws -> SealedData {
    let accounts = folder.appending(path: "accounts.sqlite")
    guard FileManager.default.fileExists(atPath: accounts.path) else {
      throw ValidationError("There is no data in the folder '\(data)'. Say with --data where the broker has its data.")
    }
    return SealedData(
      accounts: try AccountStore(path: accounts.path, keyring: keyring),
      keys: try ConsultationKeys(file: keysFile, keyring: keyring))
  }

  /// Turns what cannot be done into a message and an exit code.
  func carryOut(_ work: () async throws -> Void) async throws {
    do {
      try await work()
    } catch let refusal as AccountRefusal {
      tell(refusal.message)
      throw refusal.exitCode
    } catch let failure as VaultFailure {
      tell("\(failure)")
      throw ExitCode(EX_UNAVAILABLE)
    }
  }
}

/// The data keys of the accounts and of the consultations, which are wrapped under the master key.
struct SealedData {
  let accounts: AccountStore
  let keys: ConsultationKeys

  /// How many data keys are wrapped under each master key, by its name.
  func census() async throws -> [Data: Int] {
    try await accounts.dataKeyCensus().merging(try await keys.census(), uniquingKeysWith: +)
  }

  /// How many are wrapped under another master key than that one.
  func left(but name: Data) async throws -> Int {
    try await census().filter { $0.key != name }.values.reduce(0, +)
  }

  /// Wraps all of them under the current master key, and says how far it is.
  func rewrap() async throws {
    let total = try await census().values.reduce(0, +)
    var progress = Progress(total: total)
    try await keys.rewrapAll { seen in
      progress.report(seen)
      // Others write in between.
      try await Task.sleep(for: .milliseconds(5))
    }
    let done = try await keys.census().values.reduce(0, +)
    try await accounts.rewrapDataKeys { seen in
      progress.report(done + seen)
      try? await Task.sleep(for: .milliseconds(5))
    }
    _ = keys.scrub()
  }
}

/// Says how far it is, once a second.
struct Progress {
  let total: Int
  private var next = ContinuousClock.now + .seconds(1)

  init(total: Int) {
    self.total = total
  }

  mutating func report(_ done: Int) {
    guard ContinuousClock.now >= next else { return }
    next = .now + .seconds(1)
    tell("\(done) of \(total) data keys")
  }
}
