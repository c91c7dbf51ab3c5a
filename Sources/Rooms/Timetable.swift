/// What is due when, soonest first: a binary heap. Of each consultation only what was put down last counts.
struct Timetable: Equatable, Sendable {
  struct Entry: Equatable, Comparable, Sendable {
    let dueAt: Instant
    let id: ConsultationID

    static func < (left: Entry, right: Entry) -> Bool { (left.dueAt, left.id) < (right.dueAt, right.id) }
  }

  private var heap: [Entry] = []
  private var dueAt: [ConsultationID: Instant] = [:]

  var nextDue: Instant? { heap.first?.dueAt }

  /// Puts down when something of a consultation is due, in place of what was put down before; nil for never.
  mutating func put(_ id: ConsultationID, dueAt instant: Instant?) {
    guard dueAt[id] != instant else { return }
    dueAt[id] = instant
    if let instant { insert(Entry(dueAt: instant, id: id)) }
    dropOutdated()
  }

  /// Puts down that something of a consultation is due then, unless something of it is due sooner.
  mutating func add(_ id: ConsultationID, dueAt instant: Instant) {
    put(id, dueAt: min(instant, dueAt[id] ?? instant))
  }

  /// Takes the soonest off, if it is due.
  mutating func pop(at now: Instant) -> ConsultationID? {
    guard let first = heap.first, first.dueAt <= now else { return nil }
    dueAt[first.id] = nil
    dropOutdated()
    return first.id
  }

  mutating func removeAll() {
    heap.removeAll()
    dueAt.removeAll()
  }

  /// What is at the top counts, always.
  private mutating func dropOutdated() {
    while let first = heap.first, dueAt[first.id] != first.dueAt { removeFirst() }
  }

  private mutating func insert(_ entry: Entry) {
    heap.append(entry)
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func removeFirst() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[least] {
        least = child
      }
      guard least != parent else { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
