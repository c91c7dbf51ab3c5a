/// The peer connections between the seats of a room: which negotiation each of them is, and who offers first.
struct LinkTable: Equatable, Sendable {
  /// A peer connection between two seats.
  struct Link: Equatable, Sendable {
    let negotiation: Int
    let offers: Seat
    /// Whether both sides have been told to have it.
    var isRunning = false
  }

  private struct Pair: Hashable {
    let one: Seat
    let other: Seat

    init(_ one: Seat, _ other: Seat) {
      self.one = min(one, other)
      self.other = max(one, other)
    }

    func other(than seat: Seat) -> Seat? {
      seat == one ? other : seat == other ? one : nil
    }

    func isWithin(_ seats: Set<Seat>) -> Bool { seats.contains(one) && seats.contains(other) }
  }

  private var links: [Pair: Link] = [:]
  private let first: Int
  private var last: Int

  /// - Parameter first: numbers up to this one belong to an earlier life of the room; new ones are greater.
  init(first: Int = 0) {
    self.first = first
    last = first
  }

  subscript(_ one: Seat, _ other: Seat) -> Link? { links[Pair(one, other)] }

  /// All of a seat, with the seats at their other ends.
  func of(_ seat: Seat) -> [(other: Seat, link: Link)] {
    links.compactMap { pair, link in pair.other(than: seat).map { ($0, link) } }
  }

  /// Whether a number is of an earlier life of the room.
  func isEarlier(_ negotiation: Int) -> Bool { negotiation <= first }

  /// Somebody takes a seat: they have a new peer connection with each of the others, but for those that they still have.
  ///
  /// - Parameters:
  ///   - connected: the negotiations that they say they still have.
  ///   - others: the other seats, and what those there say of this one.
  mutating func take(_ seat: Seat, connected: [Seat: Int], others: [Seat: Int?]) {
    for (other, theirs) in others.sorted(by: { $0.key < $1.key }) {
      let pair = Pair(seat, other)
      let claimed = connected[other]
      if let link = links[pair], link.negotiation == claimed { continue }
      if let claimed, claimed == theirs, isEarlier(claimed) {
        // Both have it from before a restart.
        links[pair] = Link(negotiation: claimed, offers: seat, isRunning: true)
      } else {
        links[pair] = Link(negotiation: next(), offers: seat)
      }
    }
  }

  /// No two peer connections have the same number, so that one that somebody says they still have is that one.
  private mutating func next() -> Int {
    last += 1
    return last
  }

  mutating func drop(_ seat: Seat) {
    links = links.filter { $0.key.other(than: seat) == nil }
  }

  /// Drops those that do not end in these seats.
  mutating func keep(_ seats: Set<Seat>) {
    links = links.filter { $0.key.isWithin(seats) }
  }

  /// Makes all of them anew.
  mutating func renew(_ seats: Set<Seat>) {
    links = [:]
    for one in seats.sorted() {
      for other in seats.sorted() where other < one {
        links[Pair(one, other)] = Link(negotiation: next(), offers: one)
      }
    }
  }

  /// From now on both sides are told to have those between these seats: where there is none any more, a new one.
  mutating func run(between seats: Set<Seat>) {
    for one in seats.sorted() {
      for other in seats.sorted() where other < one {
        let pair = Pair(one, other)
        if links[pair] == nil { links[pair] = Link(negotiation: next(), offers: one) }
        links[pair]?.isRunning = true
      }
    }
  }

  /// Nobody is told to have any. Both sides let go of those that ran, each in its own time, so that their numbers are used
  /// up: who would be told one again might have what the other has not.
  mutating func rest() {
    links = links.filter { !$0.value.isRunning }
  }
}
