import ArgumentParser
import Load

struct SlowWritersCommand: LoadCommand {
  static let configuration = CommandConfiguration(
    commandName: "slow-writers", abstract: "Connections that send a byte a second; what do the others notice?")

  @Option(help: "How many at a time; when one is ended, the next is made.")
  var connections = 1_000

  @OptionGroup var options: RunOptions

  func validate() throws { try checkCount(connections, "--connections") }

  var plan: LoadPlan { options.plan.plan(.slowWriters(connections: connections)) }
}
