import Accounts
import ArgumentParser

struct AccountLink: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link",
    abstract: "Record who represents a patient.",
    discussion: """
      A minor has one or two parents, an adult under tutelle a tutor, one under curatelle a curator; two at most.

      Example:
        mqm-broker account link --relation parent \\
          --patient lea@example.org --guardian julie@example.org
      """)

  @OptionGroup var options: AccountOptions

  @Option(help: "E-mail address or id.")
  var patient: Who

  @Option(help: "E-mail address or id; the account needs the role guardian.")
  var guardian: Who

  @Option(help: "What the guardian is to the patient.")
  var relation: Relation

  func run() async throws {
    try await options.withStore { store in
      try await store.link(
        patient: patient.find(in: store).id, guardian: guardian.find(in: store).id, relation: relation,
        by: .commandLine, now: currentMilliseconds())
      tell("linked")
    }
  }
}

struct AccountUnlink: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlink",
    abstract: "Record that somebody no longer represents a patient.",
    discussion: """
      Example:
        mqm-broker account unlink \\
          --patient lea@example.org --guardian julie@example.org
      """)

  @OptionGroup var options: AccountOptions

  @Option(help: "E-mail address or id.")
  var patient: Who

  @Option(help: "E-mail address or id.")
  var guardian: Who

  func run() async throws {
    try await options.withStore { store in
      try await store.unlink(
        patient: patient.find(in: store).id, guardian: guardian.find(in: store).id, by: .commandLine,
        now: currentMilliseconds())
      tell("unlinked")
    }
  }
}
