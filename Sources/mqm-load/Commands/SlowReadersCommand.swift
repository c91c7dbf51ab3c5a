import ArgumentParser
import Load

struct SlowReadersCommand: LoadCommand {
  static let configuration = CommandConfiguration(
    commandName: "slow-readers", abstract: "Practitioners whose devices stop reading; what do the others notice?")

  @Option(help: "How many.")
  var clients = 20

  @OptionGroup var options: RunOptions

  func validate() throws { try checkCount(clients, "--clients") }

  var plan: LoadPlan { options.plan.plan(.slowReaders(clients: clients)) }
}
