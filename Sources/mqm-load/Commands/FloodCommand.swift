import ArgumentParser
import Load

struct FloodCommand: LoadCommand {
  static let configuration = CommandConfiguration(
    commandName: "flood", abstract: "One client sends many times what it may; what do the others notice?",
    discussion: "EXAMPLE\n  mqm-load flood --rate 10 --factor 10")

  @Option(help: "How many times the broker's limit it sends.")
  var factor = 10

  @OptionGroup var options: RunOptions

  func validate() throws {
    guard (1...1_000).contains(factor) else { throw ValidationError("--factor must be 1 to 1000.") }
  }

  var plan: LoadPlan { options.plan.plan(.flood(factor: factor)) }
}
