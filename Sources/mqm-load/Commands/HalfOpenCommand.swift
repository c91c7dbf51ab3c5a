import ArgumentParser
import Load

struct HalfOpenCommand: LoadCommand {
  static let configuration = CommandConfiguration(
    commandName: "half-open", abstract: "Connections that send half a request and wait; what do the others notice?")

  @Option(help: "How many at a time; when one is ended, the next is made.")
  var connections = 1_000

  @OptionGroup var options: RunOptions

  func validate() throws { try checkCount(connections, "--connections") }

  var plan: LoadPlan { options.plan.plan(.halfOpen(connections: connections)) }
}
