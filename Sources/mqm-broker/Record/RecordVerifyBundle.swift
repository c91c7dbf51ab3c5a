import ArgumentParser
import Foundation
import MQMSessions
import Rooms

struct RecordVerifyBundle: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify-bundle",
    abstract: "Check a consultation's bundle, without a broker or a network.",
    discussion: """
      Ends with 0 and says what happened if the bundle is good, with 1 and why if it is not. The key is what the operator \
      publishes ('mqm-broker record key', GET /v1/record/key); take it from where you trust it, never from the bundle.

      Example:
        mqm-broker record verify-bundle consultation.json --key BASE64
      """)

  @Argument(help: "The bundle.")
  var file: String

  @Option(help: ArgumentHelp("The public key that signed it.", valueName: "base64"))
  var key: PublicKeyOption

  func run() throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ValidationError("There is no file '\(file)', or it cannot be read.")
    }
    do {
      let bundle = try RecordBundle(data)
      let (head, entries) = try bundle.verify(publicKey: key.bytes)
      print(
        """
        The bundle is good: consultation \(bundle.consultation), \(entries.count) events, in a log of \(head.size) entries \
        signed on \(Self.time(head.at)).
        """)
      for entry in entries {
        let event = entry.event
        let actor = event.actor.map { " by \($0)" } ?? ""
        print("\(Self.time(event.at.milliseconds)) \(event.event)\(actor) \(event.details)")
      }
    } catch {
      print("WRONG: \(error)")
      throw ExitCode.failure
    }
  }

  private static func time(_ milliseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
      .formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
  }
}
