import ArgumentParser

@main
struct MQMBroker: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mqm-broker",
    abstract: "A real-time broker for medical teleconsultations.",
    discussion: """
      EXAMPLES
        mqm-broker run --demo
        mqm-broker account add --help
        mqm-broker texts publish
        mqm-broker drain --help
        mqm-broker record verify
        mqm-broker turn check --config broker.json
        mqm-broker settings
      """,
    subcommands: [
      RunCommand.self, DrainCommand.self, AccountCommand.self, TextsCommand.self, RecordCommand.self, VaultCommand.self,
      TurnCommand.self, BackupCommand.self, RestoreCommand.self, SettingsCommand.self,
    ])
}
