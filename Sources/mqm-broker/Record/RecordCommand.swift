import ArgumentParser
import Foundation
import MQMSessions

/// `mqm-broker record`
struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Check the record, and take evidence from it.",
    discussion: """
      docs/record.md describes the record and its bundles, well enough to check them with other tools.

      EXAMPLES
        mqm-broker record verify
        mqm-broker record export 3f2c… --output consultation.json
        mqm-broker record verify-bundle consultation.json --key BASE64
        mqm-broker record key
      """,
    subcommands: [RecordVerify.self, RecordBundleExport.self, RecordVerifyBundle.self, RecordKey.self])
}

/// Where the record is.
struct RecordOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Folder of the data.", valueName: "folder"))
  var data = ".data"

  @Option(
    name: .long,
    help: ArgumentHelp(
      "File with the signing key; by default $MQM_RECORD_SIGNING_KEY, or record-signing.key in the folder of the data.",
      valueName: "file"))
  var signingKey: String?

  var folder: URL { URL(filePath: data, directoryHint: .isDirectory) }
  var record: URL { folder.appending(path: "record.sqlite") }

  /// - Throws: `ExitCode` after a message.
  func publicKey() throws -> Data {
    let named = signingKey ?? ProcessInfo.processInfo.environment[SettingKey.recordSigningKey.environmentName]
    let file = named.map { URL(filePath: $0) } ?? folder.appending(path: "record-signing.key")
    do {
      return try RecordSigningKey(reading: file).publicKey
    } catch {
      tell(error.description)
      throw ExitCode.failure
    }
  }
}

/// The public half of a signing key, as `mqm-broker record key` prints it.
struct PublicKeyOption: ExpressibleByArgument {
  let bytes: Data

  init?(argument: String) {
    guard let bytes = Data(base64Encoded: argument), bytes.count == 32 else { return nil }
    self.bytes = bytes
  }
}
