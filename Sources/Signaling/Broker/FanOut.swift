import DequeModule

/// Events that go to many: thousands of desks see each change of the queue. They are written to some of them in each turn of the
/// event loop, so that a signal that comes meanwhile waits for those, not for all. Belongs to the event loop.
///
/// Each client gets its events in the order in which they were sent: what has to come behind one that it has not been given
/// yet brings that along (``Client/catchUp()``).
struct FanOut {
  /// To so many an event is written at once.
  static let slice = 64

  /// Those that may have something to catch up on, each once.
  private var line: Deque<Client> = []

  var isEmpty: Bool { line.isEmpty }

  /// - Parameter event: without its opening brace and its number.
  mutating func add(_ event: ArraySlice<UInt8>, to clients: [Client]) {
    for client in clients {
      client.unsent.append(event)
      guard !client.isInLine else { continue }
      client.isInLine = true
      line.append(client)
    }
  }

  /// How many of those that wait get theirs in one turn: more when many do, so that what waits for each of them stays little.
  static func share(of waiting: Int) -> Int { min(waiting, max(slice, waiting / 16)) }

  /// Those whose turn it is.
  mutating func next() -> [Client] {
    let count = Self.share(of: line.count)
    let clients = Array(line.prefix(count))
    line.removeFirst(count)
    for client in clients { client.isInLine = false }
    return clients
  }
}
