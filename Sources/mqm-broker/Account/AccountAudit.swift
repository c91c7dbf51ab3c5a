import Accounts
import ArgumentParser
import Foundation

struct AccountAudit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Print what was done to accounts, as JSON lines, oldest first.",
    discussion: """
      Example:
        mqm-broker account audit --after 120
      """)

  @OptionGroup var options: AccountOptions

  @Option(help: "Only entries after this one.")
  var after: Int64 = 0

  func run() async throws {
    try await options.withStore { store in
      var last = after
      while case let entries = try await store.audit(after: last), let end = entries.last {
        for entry in entries { print(try jsonLine(AuditLine(entry))) }
        last = end.id
      }
    }
  }
}

private struct AuditLine: Encodable {
  let id: Int64
  let at: String
  let actor: String
  let action: String
  let subject: String
  let other: String?
  let ground: String?

  init(_ entry: AuditEntry) {
    id = entry.id
    at = Date(timeIntervalSince1970: Double(entry.at) / 1000).formatted(.iso8601)
    actor = entry.actor.description
    action = entry.action.rawValue
    subject = entry.subject.description
    other = entry.other?.description
    ground = entry.ground
  }
}
