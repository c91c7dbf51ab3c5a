import Accounts
import ArgumentParser

/// An account, and why something is done to it.
struct AccountDecision: ParsableArguments {
  @Argument(help: "E-mail address or id.")
  var who: Who

  @Option(help: "Why, in one sentence that names nobody.")
  var ground: String
}

struct AccountVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Record that a practitioner's registration was checked: they see the queue and may claim.",
    discussion: """
      Example:
        mqm-broker account verify anne@example.org --ground 'Register checked'
      """)

  @OptionGroup var options: AccountOptions
  @OptionGroup var decision: AccountDecision

  func run() async throws {
    try await options.withStore { try await decide(decision, .verified, $0) }
  }
}

struct AccountRefuse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refuse",
    abstract: "Record that a practitioner's registration could not be confirmed.",
    discussion: """
      Example:
        mqm-broker account refuse anne@example.org --ground 'Not in the register'
      """)

  @OptionGroup var options: AccountOptions
  @OptionGroup var decision: AccountDecision

  func run() async throws {
    try await options.withStore { try await decide(decision, .refused, $0) }
  }
}

struct AccountSuspend: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suspend",
    abstract: "Suspend a practitioner's registration, or close an account of any role.",
    discussion: """
      A practitioner whose registration is suspended can sign in, but sees no queue and claims nothing; 'verify' lifts \
      it. With --account the account is closed (terms of use 12.2): all its sessions end and it cannot sign in; 'reinstate' opens it again.

      Examples:
        mqm-broker account suspend anne@example.org --ground 'Struck off'
        mqm-broker account suspend camille@example.org --account \\
          --ground 'Judicial request 26/1234'
      """)

  @OptionGroup var options: AccountOptions
  @OptionGroup var decision: AccountDecision

  @Flag(help: "Close the whole account.")
  var account = false

  func run() async throws {
    try await options.withStore { store in
      guard account else { return try await decide(decision, .suspended, store) }
      let profile = try await decision.who.find(in: store)
      let ended = try await store.suspend(
        profile.id, ground: decision.ground, by: .commandLine, now: currentMilliseconds())
      tell("closed; \(ended.count) sessions ended")
    }
  }
}

struct AccountReinstate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reinstate",
    abstract: "Open an account again that was closed with 'suspend --account'.",
    discussion: """
      Example:
        mqm-broker account reinstate camille@example.org \\
          --ground 'Judicial request 26/1234 lifted'
      """)

  @OptionGroup var options: AccountOptions
  @OptionGroup var decision: AccountDecision

  func run() async throws {
    try await options.withStore { store in
      let profile = try await decision.who.find(in: store)
      try await store.reinstate(profile.id, ground: decision.ground, by: .commandLine, now: currentMilliseconds())
      tell("open again")
    }
  }
}

private func decide(_ decision: AccountDecision, _ verification: Verification, _ store: AccountStore) async throws {
  let profile = try await decision.who.find(in: store)
  try await store.setVerification(
    of: profile.id, to: verification, ground: decision.ground, by: .commandLine, now: currentMilliseconds())
  tell("\(profile.givenName) \(profile.familyName) is \(verification.rawValue)")
}
