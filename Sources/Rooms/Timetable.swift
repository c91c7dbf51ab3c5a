/// What is due when, soonest first: a binary heap. Whether an entry is still so is for who takes it off to judge.
struct Timetable: Equatable, Sendable {
  struct Entry: Equatable, Comparable, Sendable {
    let dueAt: Instant
    let id: ConsultationID

    static func < (left: Entry, right: Entry) -> Bool { (left.dueAt, left.id) < (right.dueAt, right.id) }
  }

  private var heap: [Entry] = []

  var nextDue: Instant? { heap.first?.dueAt }

  mutating func insert(_ id: ConsultationID, dueAt: Instant) {
    heap.append(Entry(dueAt: dueAt, id: id))
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Takes the soonest off, if it is due.
  mutating func pop(at now: Instant) -> ConsultationID? {
    guard let first = heap.first, first.dueAt <= now else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    return first.id
  }

  mutating func removeAll() { heap.removeAll() }

  private mutating func sink() {
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
