import Foundation
package import MQMSessions
package import Rooms
import Synchronization

/// A store that does what a test says: waits at a gate, fails, or hands on to another.
package final class ScriptedStore: Store {
  private struct Script {
    var batches: [[Submission]] = []
    var failure: (any Error)?
    var isClosed = false
  }

  private let script = Mutex(Script())
  private let entered = DispatchSemaphore(value: 0)
  private let gate = DispatchSemaphore(value: 0)
  private let next: (any Store)?

  /// - Parameter behind: nil for a store that accepts everything and keeps nothing.
  package init(behind next: (any Store)? = nil) { self.next = next }

  package var batches: [[Submission]] { script.withLock { $0.batches } }

  package func fail(with failure: (any Error)?) { script.withLock { $0.failure = failure } }

  /// Makes the next transaction wait.
  package func close() { script.withLock { $0.isClosed = true } }

  /// Returns when a transaction waits.
  package func waitUntilEntered() { entered.wait() }

  package func open() { gate.signal() }

  package func decide(_ submissions: [Submission]) throws -> [Outcome] {
    let waits = script.withLock { script in
      script.batches.append(submissions)
      defer { script.isClosed = false }
      return script.isClosed
    }
    if waits {
      entered.signal()
      gate.wait()
    }
    if let failure = script.withLock({ $0.failure }) { throw failure }
    return try next?.decide(submissions) ?? submissions.map { $0.proposal.consultation.map(Outcome.repeated) ?? .noted }
  }

  package func checkIsWritable() throws {
    if let failure = script.withLock({ $0.failure }) { throw failure }
    try next?.checkIsWritable()
  }

  package func consultations(of person: PersonID) throws -> [StoredConsultation] {
    try next?.consultations(of: person) ?? []
  }

  package func load(finalSince: Rooms.Instant) throws -> [StoredConsultation] {
    try next?.load(finalSince: finalSince) ?? []
  }

  package func healthNotes(of id: ConsultationID) throws -> HealthNotes? {
    try next?.healthNotes(of: id)
  }

  package func replaceHealthFile(
    of patient: PersonID, history: String?, socialSecurityNumber: String?, at instant: Rooms.Instant
  ) throws {
    try next?.replaceHealthFile(
      of: patient, history: history, socialSecurityNumber: socialSecurityNumber, at: instant)
  }
}
