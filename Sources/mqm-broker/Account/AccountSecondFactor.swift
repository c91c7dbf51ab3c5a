import Accounts
import ArgumentParser

struct AccountSecondFactor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "second-factor",
    abstract: "Make a second factor for an account, in force at once, and print it.",
    discussion: """
      For operators, who cannot sign in without one, and for people who lost both phone and recovery codes. An earlier \
      one is replaced. The secret and the recovery codes are shown once and cannot be read again.

      Examples:
        mqm-broker account second-factor max@example.org
        mqm-broker account second-factor max@example.org |
          sed -n 's/^uri: *//p' | qrencode -t ansiutf8
      """)

  @OptionGroup var options: AccountOptions

  @Argument(help: "E-mail address or id.")
  var who: Who

  func run() async throws {
    try await options.withStore { store in
      try await printSecondFactor(of: who.find(in: store).id, in: store)
    }
  }
}

/// Makes a second factor that is in force at once, and prints what the person needs.
func printSecondFactor(of account: AccountID, in store: AccountStore) async throws {
  let made = try await store.setSecondFactor(of: account, by: .commandLine, now: currentMilliseconds())
  print("secret: \(made.setup.secret)")
  print("uri: \(made.setup.uri)")
  for code in made.recoveryCodes { print("recovery code: \(code)") }
  tell("give this to the authenticator app, and keep the recovery codes: each is good once; none is shown again")
}
