import ArgumentParser
import Foundation

struct RecordKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key",
    abstract: "Print the public key with which the record is signed.",
    discussion: "Publish it where patients and practitioners find it without this machine's help.")

  @OptionGroup var options: RecordOptions

  func run() throws {
    print(try options.publicKey().base64EncodedString())
  }
}
