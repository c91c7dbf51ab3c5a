import Accounts
import ArgumentParser

struct AccountAttending: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attending",
    abstract: "Name a patient's attending physician, or none.",
    discussion: """
      Examples:
        mqm-broker account attending \\
          --patient camille@example.org --physician anne@example.org
        mqm-broker account attending --patient camille@example.org --none
      """)

  @OptionGroup var options: AccountOptions

  @Option(help: "E-mail address or id.")
  var patient: Who

  @Option(help: "E-mail address or id of a practitioner.")
  var physician: Who?

  @Flag(help: "No attending physician.")
  var none = false

  func validate() throws {
    guard none == (physician == nil) else { throw ValidationError("give one of --physician and --none") }
  }

  func run() async throws {
    try await options.withStore { store in
      let physician = try await physician?.find(in: store)
      try await store.setAttending(
        of: patient.find(in: store).id, to: physician?.id, by: .commandLine, now: currentMilliseconds())
      tell("recorded")
    }
  }
}
