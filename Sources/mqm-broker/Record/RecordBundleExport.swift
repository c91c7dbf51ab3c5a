import ArgumentParser
import Foundation
import MQMSessions
import Rooms

struct RecordBundleExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the bundle of one consultation: what proves to anybody what happened in it.",
    discussion: """
      The parties of a consultation find the same file on their pages.

      Example:
        mqm-broker record export 3f2c… --output consultation.json
      """)

  @OptionGroup var options: RecordOptions

  @Argument(help: "The consultation's id.")
  var consultation: String

  @Option(help: ArgumentHelp("Where to write it; to the standard output by default.", valueName: "file"))
  var output: String?

  func run() throws {
    guard let id = ConsultationID(consultation) else {
      throw ValidationError("'\(consultation)' is not a consultation's id.")
    }
    guard let bundle = try RecordFile(options.record).bundle(of: id) else {
      tell("There is no consultation \(id) on record.")
      throw ExitCode.failure
    }
    let text = Data(bundle.text.utf8)
    if let output {
      try text.write(to: URL(filePath: output))
    } else {
      FileHandle.standardOutput.write(text)
    }
  }
}
