import ArgumentParser
import Foundation
import MQMSessions

struct RecordVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check the whole record, also that of a running broker.",
    discussion: """
      Every entry, the chain, the tree, the heads, what was exported, and what the tables say of each consultation. \
      Ends with 0 if all is whole, with 1 and what was found if it is not.

      Name the heads file and the public key from where the operator of this machine cannot reach them: somebody who has \
      the machine has the signing key, too, and can make another record.

      EXAMPLES
        mqm-broker record verify
        mqm-broker record verify --heads elsewhere/heads.jsonl --key BASE64
      """)

  @OptionGroup var options: RecordOptions

  @Option(help: ArgumentHelp("Exported heads; by default heads.jsonl in the folder of the data.", valueName: "file"))
  var heads: String?

  @Option(help: ArgumentHelp("Public key; by default that of the signing key.", valueName: "base64"))
  var key: PublicKeyOption?

  func run() throws {
    let key = try self.key?.bytes ?? options.publicKey()
    // Before the record: what is exported later is on record already.
    let exported = try lines()
    let meter = ProgressLine(isShown: isatty(STDERR_FILENO) == 1)
    let started = ContinuousClock.now
    let report = RecordVerifier(publicKey: key, exported: exported).verify(file: options.record) { done, all in
      meter.show("entry \(done) of \(all)")
    }
    meter.clear()
    for fault in report.faults { print("WRONG: \(fault)") }
    if report.faults.count == RecordVerifier.faultLimit { print("There may be more.") }
    guard report.isWhole, let tip = report.tip else { throw ExitCode.failure }
    print(
      """
      The record is whole: \(report.entries) entries, \(report.heads) heads, \(report.exportedLines) exported lines, \
      checked in \((ContinuousClock.now - started).formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1)))).
      log \(tip.log), root \(tip.root), key \(tip.key)
      """)
  }

  private func lines() throws -> [String] {
    let file = heads.map { URL(filePath: $0) } ?? options.folder.appending(path: "heads.jsonl")
    guard heads == nil || FileManager.default.fileExists(atPath: file.path) else {
      throw ValidationError("There is no heads file '\(file.path)'.")
    }
    return try HeadsFile.lines(file)
  }
}

/// A line on a terminal that is written over again and again.
final class ProgressLine {
  private let isShown: Bool

  init(isShown: Bool) {
    self.isShown = isShown
  }

  func show(_ text: String) {
    if isShown { FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8)) }
  }

  func clear() { show("") }
}
