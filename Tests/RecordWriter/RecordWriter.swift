import Foundation
import MQMSessions
import Rooms
import Vault

/// Writes events to the record in a folder until it is killed, and says after each commit how many have been acknowledged.
@main
struct RecordWriter {
  static func main() throws {
    let folder = URL(filePath: CommandLine.arguments[1], directoryHint: .isDirectory)
    let keyring = MasterKeyring(.file(folder.appending(path: "master.key").path))
    let store = try SQLiteStore(
      file: folder.appending(path: "record.sqlite"),
      keys: try ConsultationKeys(file: folder.appending(path: "keys.sqlite"), keyring: keyring))
    while true {
      let id = ConsultationID(high: .random(in: 0...UInt64.max), low: .random(in: 0...UInt64.max))
      let consultation = Consultation(
        id: id, patient: PersonID(high: id.low, low: id.high), requester: PersonID(high: id.low, low: id.high),
        assignment: .unassigned, payment: .carteBancaire, requestedAt: now)
      let physician = PersonID(high: 1, low: 3)
      var changes: [Proposal.Change] = [.create(consultation, HealthNotes(reason: "Fièvre"))]
      changes += [
        Consultation.Command.claim(by: physician), .release(by: physician), .cancel(by: consultation.patient),
      ].map { .transition(id, $0) }
      try write(Array(changes.prefix(.random(in: 1...4))), to: store)
    }
  }

  private static func write(_ changes: [Proposal.Change], to store: SQLiteStore) throws {
    var rest = changes[...]
    while !rest.isEmpty {
      let batch = rest.prefix(.random(in: 1...3))
      rest = rest.dropFirst(batch.count)
      let outcomes = try store.decide(batch.map { Submission(Proposal(origin: .rule, change: $0), at: now) })
      let ids = outcomes.map { if case .recorded(let consultation) = $0 { "\(consultation.id)" } else { "refused" } }
      // One write, which is whole or not there.
      FileHandle.standardOutput.write(Data((ids.joined(separator: "\n") + "\n").utf8))
    }
  }

  private static var now: Instant { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }
}
