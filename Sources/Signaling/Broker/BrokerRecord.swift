import Accounts
import Foundation
import Logging
import MQMSessions
import Rooms

/// What the record is told and asked beside the life of consultations.
extension Broker {
  /// Who restores a backup has to know which accounts were erased since (CU-12.1). Off the loop; what is noted already is
  /// not noted again.
  func noteErasures(_ entries: [AuditEntry]) {
    let erasures = entries.filter { $0.action == .accountErased }
      .map { (account: PersonID($0.subject), at: Instant(milliseconds: $0.at)) }
    guard !erasures.isEmpty else { return }
    let store = self.store
    let log = self.log
    Task.detached {
      do {
        try store.noteErasures(erasures)
      } catch {
        log.error("erasures cannot be recorded", metadata: ["error": "\(error)"])
      }
    }
  }

  /// Those of a time when the broker did not come to it.
  func noteEarlierErasures() async throws(AccountRefusal) {
    var last: Int64 = 0
    while case let entries = try await people.accounts.audit(after: last, only: [.accountErased]),
      let end = entries.last
    {
      noteErasures(entries)
      last = end.id
    }
  }

  // MARK: Read off the loop

  /// Long reading: one thing after the other on a thread that may wait, so that however many ask for their bundles at
  /// once, one is being written.
  nonisolated func readRecord<Value: Sendable>(
    _ read: @escaping @Sendable (any Store) throws -> Value
  ) async throws -> Value {
    let store = self.store
    return try await withCheckedThrowingContinuation { continuation in
      recordQueue.async { continuation.resume(with: Result { try read(store) }) }
    }
  }

  /// Everything on record in which somebody has a part.
  nonisolated func consultationsOnRecord(of person: PersonID) async throws -> [StoredConsultation] {
    try await readRecord { try $0.consultations(of: person) }
  }

  /// The consultation's copy of what is known of the patient's health.
  nonisolated func healthNotes(of id: ConsultationID) async throws -> HealthNotes? {
    let store = self.store
    return try await Task.detached { try store.healthNotes(of: id) }.value
  }

  /// What a patient changes while they wait or consult is what the practitioner sees (CU-1).
  nonisolated func replaceCopies(of patient: PersonID, _ file: HealthFile, at instant: Instant) async throws {
    let store = self.store
    try await Task.detached {
      try store.replaceHealthFile(
        of: patient, history: file.history, socialSecurityNumber: file.socialSecurityNumber, at: instant)
    }.value
  }
}
