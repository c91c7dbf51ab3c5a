/// The requests that wait for a practitioner, oldest first (CU-6.1).
public struct LiveQueue: Equatable, Sendable {
  private var waiting: [Entry] = []

  public init() {}

  private struct Entry: Equatable, Sendable {
    let requestedAt: Instant
    let id: ConsultationID
    let assignment: Consultation.Assignment
  }

  /// Why a request is no longer in the queue.
  public enum Departure: String, Hashable, Sendable {
    case claimed, cancelled, refused
    /// The patient's side named another physician, or opened it to everybody.
    case reassigned
  }

  public var count: Int { waiting.count }
  /// When the request was made that has been waiting for longest; nil if none waits.
  public var oldestRequest: Instant? { waiting.first?.requestedAt }

  mutating func insert(_ consultation: Consultation) {
    let entry = Entry(
      requestedAt: consultation.requestedAt, id: consultation.id, assignment: consultation.assignment)
    // Requests come nearly in order, so the place is nearly always at the end.
    let index = waiting.lastIndex { ($0.requestedAt, $0.id) < (entry.requestedAt, entry.id) }.map { $0 + 1 } ?? 0
    waiting.insert(entry, at: index)
  }

  mutating func remove(_ id: ConsultationID) {
    waiting.removeAll { $0.id == id }
  }

  /// What `practitioner` sees: the unassigned ones, and those assigned to them.
  public func visible(to practitioner: PersonID) -> [ConsultationID] {
    waiting.filter { Self.isVisible($0.assignment, to: practitioner) }.map(\.id)
  }

  static func isVisible(_ assignment: Consultation.Assignment, to practitioner: PersonID) -> Bool {
    switch assignment {
    case .unassigned: true
    case .attending(let assigned): assigned == practitioner
    }
  }
}
