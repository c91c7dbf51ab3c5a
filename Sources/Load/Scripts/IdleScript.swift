import Rooms

/// Somebody who is signed in and does nothing: keeps the queue, if they see one, to compare it in the end.
struct IdleScript: Script {
  private(set) var queue: Set<ConsultationID> = []

  mutating func take(_ cue: Cue, at: UInt64) -> [Act] {
    guard case .event(.queue(let isSnapshot, let upsert, let remove)) = cue else { return [] }
    if isSnapshot { queue.removeAll() }
    queue.subtract(remove)
    queue.formUnion(upsert.map(\.id))
    return []
  }
}
