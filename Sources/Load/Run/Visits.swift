import Rooms

/// The consultations of a run: those under way, and which are over.
struct Visits {
  private(set) var underWay: [Int: Visit] = [:]
  private var byConsultation: [ConsultationID: Visit] = [:]
  private var done: Set<ConsultationID> = []
  private var count = 0

  /// The next one.
  mutating func begin(arrival: UInt64) -> Visit {
    count += 1
    let visit = Visit(number: count, arrival: arrival)
    underWay[visit.number] = visit
    return visit
  }

  /// The one under way that a card is of; nil if it is of none.
  mutating func see(_ id: ConsultationID, reason: String) -> Visit? {
    guard let visit = Visit.number(reason: reason).flatMap({ underWay[$0] }) else { return nil }
    byConsultation[id] = visit
    return visit
  }

  /// The one under way of which a card was seen.
  subscript(id: ConsultationID) -> Visit? { byConsultation[id] }

  /// Takes it out if it is over.
  ///
  /// - Returns: false if it is not, or was taken out before.
  mutating func remove(_ visit: Visit) -> Bool {
    guard visit.isOver, underWay.removeValue(forKey: visit.number) != nil else { return false }
    if let consultation = visit.consultation { byConsultation[consultation] = nil }
    return true
  }

  /// It went well, so nobody may see a card of it any more.
  mutating func conclude(_ visit: Visit) {
    if let consultation = visit.consultation { done.insert(consultation) }
  }

  /// Whether a queue still shows one that is over.
  func haveGhosts(in queue: Set<ConsultationID>) -> Bool { queue.contains { done.contains($0) } }
}
