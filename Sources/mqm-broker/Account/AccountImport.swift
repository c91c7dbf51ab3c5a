import Accounts
import ArgumentParser
import Foundation
import Synchronization

struct AccountImport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Create accounts from a file of JSON lines: all of them, or none.",
    discussion: """
      One account a line; the whole format is in docs/accounts.md:
        {"given_name":"Léa","family_name":"Petit","roles":["patient"],
         "birth_date":"2014-05-01","protection":"none",
         "email":"lea@example.org","password":"…","consented":true,
         "postal_address":{"street":"1 rue des Lilas","postal_code":"75001",
                           "city":"Paris","country":"FR"},
         "attending":"anne@example.org",
         "guardians":[{"email":"julie@example.org","relation":"parent"}],
         "practitioner":{"rpps":"…","specialty":"…","sector":1,
                         "verification":"verified"}}
      (each on a single line, with only the members that apply). Passwords make it slow, as each is hashed.

      Examples:
        mqm-broker account import people.jsonl
        ./generate | mqm-broker account import - --tokens > tokens.jsonl
      """)

  @OptionGroup var options: AccountOptions

  @Argument(help: "The file; - is the standard input.")
  var file: String

  @Flag(help: "Print a bearer token for each account: {\"email\":…,\"id\":…,\"token\":…} a line.")
  var tokens = false

  func run() async throws {
    try await options.withStore { store in
      let accounts = try read()
      let progress = ImportProgress(total: accounts.count)
      let imported = try await store.importAccounts(
        accounts, withTokens: tokens, by: .commandLine, now: currentMilliseconds(), progress: progress.report)
      if tokens {
        for account in imported { print(try jsonLine(TokenLine(account))) }
      }
      tell("imported \(imported.count) accounts")
    }
  }

  private func read() throws -> [ImportedAccount] {
    let data: Data
    do {
      data =
        file == "-"
        ? try FileHandle.standardInput.readToEnd() ?? Data()
        : try Data(contentsOf: URL(filePath: file), options: .mappedIfSafe)
    } catch {
      throw ValidationError("\(file) cannot be read; is the name right?")
    }
    return try ImportedAccount.read(lines: data)
  }
}

private struct TokenLine: Encodable {
  let id: String
  let email: String?
  let token: String?

  init(_ imported: AccountStore.Imported) {
    id = imported.id.description
    email = imported.email
    token = imported.token?.text
  }
}

/// Says how far it is, once a second.
private final class ImportProgress: Sendable {
  private let total: Int
  private let next = Mutex(ContinuousClock.now + .seconds(1))

  init(total: Int) {
    self.total = total
  }

  func report(_ done: Int) {
    let isDue = next.withLock { next in
      guard ContinuousClock.now >= next else { return false }
      next = .now + .seconds(1)
      return true
    }
    if isDue { tell("\(done) of \(total)") }
  }
}
