/// Counts the bodies beyond the usual limit that are on their way or being answered, so that they never fill the memory,
/// and nobody takes all the room: those of senders who are known, and apart from them, fewer, those of senders of whom that
/// is being found out.
struct LongBodies {
  /// The room that a body takes until `end`.
  struct Place: Equatable {
    let address: String
    let isProven: Bool
  }

  private var proven: Room
  private var unproven: Room

  /// - Parameters:
  ///   - limit: of all clients together.
  ///   - limitForAddress: of the clients at one address.
  ///   - unprovenLimit: of all clients of whom nothing is known yet.
  ///   - unprovenLimitForAddress: of those at one address.
  init(limit: Int, limitForAddress: Int, unprovenLimit: Int, unprovenLimitForAddress: Int) {
    proven = Room(limit: limit, limitForAddress: limitForAddress)
    unproven = Room(limit: unprovenLimit, limitForAddress: unprovenLimitForAddress)
  }

  /// Of both kinds.
  var count: Int { proven.count + unproven.count }
  var unprovenCount: Int { unproven.count }

  /// Takes room for another one; nil if there is none.
  mutating func begin(from address: String, isProven: Bool) -> Place? {
    guard isProven ? proven.begin(from: address) : unproven.begin(from: address) else { return nil }
    return Place(address: address, isProven: isProven)
  }

  /// Gives a body the room of one whose sender is known instead of its place; nil if there is none, and it keeps its place.
  mutating func prove(_ place: Place) -> Place? {
    guard let proven = begin(from: place.address, isProven: true) else { return nil }
    end(place)
    return proven
  }

  mutating func end(_ place: Place) {
    if place.isProven { proven.end(from: place.address) } else { unproven.end(from: place.address) }
  }
}

/// So many at a time, and so many from one address.
private struct Room {
  private let limit: Int
  private let limitForAddress: Int
  private(set) var count = 0
  private var countByAddress: [String: Int] = [:]

  init(limit: Int, limitForAddress: Int) {
    self.limit = limit
    self.limitForAddress = limitForAddress
  }

  mutating func begin(from address: String) -> Bool {
    let present = countByAddress[address, default: 0]
    guard count < limit, present < limitForAddress else { return false }
    count += 1
    countByAddress[address] = present + 1
    return true
  }

  mutating func end(from address: String) {
    guard let present = countByAddress[address] else { return }
    count -= 1
    countByAddress[address] = present > 1 ? present - 1 : nil
  }
}
