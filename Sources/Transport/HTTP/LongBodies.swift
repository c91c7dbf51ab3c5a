/// Counts the bodies beyond the usual limit that are on their way or being answered, so that they never fill the memory,
/// and nobody takes all the room.
struct LongBodies {
  private let limit: Int
  private let limitForAddress: Int
  private(set) var count = 0
  private var countByAddress: [String: Int] = [:]

  /// - Parameters:
  ///   - limit: of all clients together.
  ///   - limitForAddress: of the clients at one address.
  init(limit: Int, limitForAddress: Int) {
    self.limit = limit
    self.limitForAddress = limitForAddress
  }

  /// Whether there is room for another one; then it takes it until `end`.
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
