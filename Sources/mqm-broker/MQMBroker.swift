import ArgumentParser

@main
struct MQMBroker: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mqm-broker",
    abstract: "A real-time broker for medical teleconsultations.",
    subcommands: [AccountCommand.self])
}
