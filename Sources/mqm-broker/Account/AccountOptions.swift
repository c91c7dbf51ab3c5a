import Accounts
import ArgumentParser
import Foundation

/// What all account commands have in common.
struct AccountOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Folder of the data; it is made if need be.", valueName: "folder"))
  var data = ".data"

  @OptionGroup var masterKey: MasterKeyOptions

  /// Opens the database, does the work, and turns what is refused into a message and an exit code.
  func withStore(_ work: (AccountStore) async throws -> Void) async throws {
    do {
      try await work(open())
    } catch let refusal as AccountRefusal {
      tell(refusal.advice.map { "\(refusal.message)\n\($0)" } ?? refusal.message)
      throw refusal.exitCode
    }
  }

  private func open() throws -> AccountStore {
    let folder = URL(filePath: data, directoryHint: .isDirectory)
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw AccountRefusal.unavailable(why: "the folder \(data) cannot be made; choose another with --data")
    }
    let settings = AccountSettings(hashingWorkers: ProcessInfo.processInfo.activeProcessorCount)
    return try AccountStore(
      path: folder.appending(path: "accounts.sqlite").path,
      keyring: try masterKey.keyring(standard: folder.appending(path: "master.key")), settings: settings)
  }
}

/// Who is meant, as it is given on the command line.
struct Who: ExpressibleByArgument {
  let text: String

  init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    text = argument
  }

  /// - Throws: ``AccountRefusal/unknownAccount``.
  func find(in store: AccountStore) async throws -> Profile {
    let profile =
      if let id = AccountID(text) { try await store.profile(id) } else { try await store.profile(email: text) }
    guard let profile else { throw AccountRefusal.unknownAccount }
    return profile
  }
}

/// Milliseconds since 1970-01-01T00:00:00Z.
func currentMilliseconds() -> Int64 {
  Int64(Date().timeIntervalSince1970 * 1000)
}

/// Says something to a person, beside the output.
func tell(_ text: String) {
  FileHandle.standardError.write(Data("mqm-broker: \(text)\n".utf8))
}

extension AccountRefusal {
  var exitCode: ExitCode {
    switch self {
    case .invalid, .line: ExitCode(EX_DATAERR)
    case .unknownAccount: ExitCode(EX_NOUSER)
    case .unavailable, .busy: ExitCode(EX_UNAVAILABLE)
    default: .failure
    }
  }

  /// What to do about it, where the message does not say.
  var advice: String? {
    switch self {
    case .unknownAccount: "See who there is: mqm-broker account list (and is --data the right folder?)"
    case .guardianship(.guardianRoleMissing): "Create the guardian's account with --role guardian."
    case .guardianship(.tooManyGuardians): "Take one away first: mqm-broker account unlink --help"
    case .notAPractitioner: "To close an account of any role: mqm-broker account suspend WHO --account --ground …"
    case .line: "Nothing was imported. Correct the line and import the file again."
    default: nil
    }
  }
}

extension Role: ExpressibleByArgument {}
extension Relation: ExpressibleByArgument {}
extension Protection: ExpressibleByArgument {}
extension Sector: ExpressibleByArgument {}
