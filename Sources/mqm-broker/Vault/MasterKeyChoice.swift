import ArgumentParser
import Foundation
import Vault

/// Where the master keys come from, as options, environment and settings say.
enum MasterKeyChoice {
  /// - Parameters:
  ///   - file, command: as they were named; nil for not.
  ///   - standard: the file if nothing is named at all.
  /// - Throws: `ValidationError` if more than one place is named.
  static func source(file: String?, command: String?, standard: String) throws -> MasterKeySource {
    let value = ProcessInfo.processInfo.environment[MasterKeySource.environmentName].flatMap { $0.isEmpty ? nil : $0 }
    switch (file, command, value) {
    case (let file?, nil, nil): return .file(file)
    case (nil, let command?, nil): return .command(command)
    case (nil, nil, let value?): return .environment(value)
    case (nil, nil, nil): return .file(standard)
    default:
      throw ValidationError(
        "The master key comes from one place: 'master-key', 'master-key-command' or \(MasterKeySource.environmentName)."
      )
    }
  }
}

/// The master key's options of the commands that work beside a running broker.
struct MasterKeyOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "File with the master key; by default $MQM_MASTER_KEY, or master.key in the folder of the data.",
      valueName: "file"))
  var masterKey: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Command that writes the master key to its output; by default $MQM_MASTER_KEY_COMMAND.", valueName: "command"))
  var masterKeyCommand: String?

  func keyring(standard: URL) throws -> MasterKeyring {
    let environment = ProcessInfo.processInfo.environment
    // What stands on the command line wins over the environment.
    let isNamed = masterKey != nil || masterKeyCommand != nil
    return MasterKeyring(
      try MasterKeyChoice.source(
        file: masterKey ?? (isNamed ? nil : environment["MQM_MASTER_KEY"]),
        command: masterKeyCommand ?? (isNamed ? nil : environment["MQM_MASTER_KEY_COMMAND"]), standard: standard.path))
  }
}
