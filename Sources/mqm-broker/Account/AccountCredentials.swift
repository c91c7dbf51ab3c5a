import Accounts
import ArgumentParser

struct AccountPassword: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "password",
    abstract: "Set a password, and end all sessions of the account.",
    discussion: """
      Examples:
        mqm-broker account password camille@example.org
        echo "$PASSWORD" |
          mqm-broker account password camille@example.org --password-stdin
      """)

  @OptionGroup var options: AccountOptions

  @Argument(help: "E-mail address or id.")
  var who: Who

  @Flag(help: "Read the password from the first line of the standard input.")
  var passwordStdin = false

  func run() async throws {
    try await options.withStore { store in
      let profile = try await who.find(in: store)
      let password = try AccountPasswordSource.password(fromInput: passwordStdin)
      let ended = try await store.setPassword(
        password, of: profile.id, by: .commandLine, now: currentMilliseconds())
      tell("set; \(ended.count) sessions ended")
    }
  }
}

struct AccountToken: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Print a bearer token for an account, good for 30 days: for service clients and tests.",
    discussion: """
      The token is shown once and cannot be read again. 'sign-out' ends it.

      Example:
        TOKEN=$(mqm-broker account token anne@example.org)
      """)

  @OptionGroup var options: AccountOptions

  @Argument(help: "E-mail address or id.")
  var who: Who

  func run() async throws {
    try await options.withStore { store in
      let profile = try await who.find(in: store)
      print(try await store.issueToken(for: profile.id, by: .commandLine, now: currentMilliseconds()).token.text)
    }
  }
}

struct AccountSignOut: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign-out",
    abstract: "End all sessions and tokens of an account.",
    discussion: """
      Example:
        mqm-broker account sign-out camille@example.org
      """)

  @OptionGroup var options: AccountOptions

  @Argument(help: "E-mail address or id.")
  var who: Who

  func run() async throws {
    try await options.withStore { store in
      let profile = try await who.find(in: store)
      let ended = try await store.revokeSessions(of: profile.id, by: .commandLine, now: currentMilliseconds())
      tell("\(ended.count) sessions ended")
    }
  }
}
