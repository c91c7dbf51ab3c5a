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
    var scrubs = 0
    var holdsBundles = false
    var bundlesUnderWay = 0
    var mostBundles = 0
  }

  private let script = Mutex(Script())
  private let entered = DispatchSemaphore(value: 0)
  private let gate = DispatchSemaphore(value: 0)
  private let bundleEntered = DispatchSemaphore(value: 0)
  private let bundleGate = DispatchSemaphore(value: 0)
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

  /// How often it was told to scrub.
  package var scrubs: Int { script.withLock { $0.scrubs } }

  package func scrub() -> Bool {
    script.withLock { $0.scrubs += 1 }
    return next?.scrub() ?? true
  }

  // MARK: Bundles

  /// Makes each bundle wait until ``releaseBundles(_:)``.
  package func holdBundles() { script.withLock { $0.holdsBundles = true } }

  /// Returns when a bundle waits.
  package func waitUntilBundleEntered() { bundleEntered.wait() }

  package func releaseBundles(_ count: Int) {
    script.withLock { $0.holdsBundles = false }
    for _ in 0..<count { bundleGate.signal() }
  }

  /// How many were being written at the same time, at the most.
  package var mostBundles: Int { script.withLock { $0.mostBundles } }

  package func bundle(of consultation: ConsultationID) throws -> RecordBundle? {
    let waits = script.withLock { script in
      script.bundlesUnderWay += 1
      script.mostBundles = max(script.mostBundles, script.bundlesUnderWay)
      return script.holdsBundles
    }
    defer { script.withLock { $0.bundlesUnderWay -= 1 } }
    if waits {
      bundleEntered.signal()
      bundleGate.wait()
    }
    return try next?.bundle(of: consultation)
  }

  package func entries(of consultation: ConsultationID) throws -> [RecordEntry] {
    try next?.entries(of: consultation) ?? []
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
