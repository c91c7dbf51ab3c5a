import Rooms

/// How connections break.
extension Schedule {
  /// Some connection breaks, in one of the ways in which they do.
  mutating func disturb() {
    let live = channels.indices.filter {
      channels[$0].isOpenAtPage && channels[$0].isOpenAtBroker && !channels[$0].isCut
    }
    guard let index = random.pick(Array(live)) else { return }
    disturb(index)
  }

  mutating func disturb(_ index: Int) {
    switch random.below(10) {
    case 0..<6: cut(index, after: 0)
    case 6, 7: drop(index)
    case 8: if let connection = channels[index].session { closeSlowReader(connection) }
    default:
      if random.chance(25), let connection = channels[index].session { end(connection) } else { cut(index, after: 0) }
    }
  }

  /// The page gives its connection up in order to come back.
  private mutating func drop(_ index: Int) {
    transcript.note(clock, "page \(channels[index].page) drops channel \(index)")
    channels[index].send(.close(code: 4000), arrivingAt: clock.steady + delay())
    dropAtPage(index)
  }

  /// Nothing gets through any more, in one direction at once and in the other within a second. Each side finds out in its
  /// own time: the page when it looks, the broker when the network says so, or when nothing was heard for 9 s.
  mutating func cut(_ index: Int, after delay: Int64) {
    let start = clock.steady + delay
    let lag = Int64(random.below(1_000))
    let isUpFirst = random.chance(50)
    channels[index].upCutAt = isUpFirst ? start : start + lag
    channels[index].downCutAt = isUpFirst ? start + lag : start
    channels[index].pongAt = nil
    transcript.note(clock, "channel \(index) is cut after \(delay) ms")
    coverage.cuts += 1
    // The last ping was answered a moment ago, at most as long as between two of them.
    let cutAt = channels[index].upCutAt ?? start
    channels[index].lastHeard = max(channels[index].lastHeard, cutAt - Int64(random.below(5_000)))
    let hangUpAt = channels[index].lastHeard + 9_000 + Int64(random.below(1_000))
    let resetAt = random.chance(50) ? cutAt + Int64(random.below(8_000)) : Int64.max
    channels[index].brokerNoticesAt = max(clock.steady, min(hangUpAt, resetAt))
    let patience =
      switch random.below(10) {
      case 0..<4: random.below(500)
      case 4..<8: random.below(8_000)
      default: random.below(25_000)
      }
    channels[index].pageNoticesAt = start + Int64(patience)
    if let connection = channels[index].session { oracle.isSilent(connection, since: cutAt) }
  }

  /// The broker's process is gone. What had left it may still arrive.
  mutating func breakAllChannels() {
    for index in channels.indices where !channels[index].isDead {
      channels[index].isOpenAtBroker = false
      channels[index].brokerNoticesAt = nil
      channels[index].pongAt = nil
      channels[index].session = nil
      channels[index].up = []
      guard channels[index].isOpenAtPage else { continue }
      channels[index].down.removeLast(random.below(channels[index].down.count + 1))
      let lastDue = channels[index].down.last?.due ?? clock.steady
      let noticesAt = max(lastDue, clock.steady) + 1 + Int64(random.below(3_000))
      channels[index].pageNoticesAt = min(channels[index].pageNoticesAt ?? .max, noticesAt)
    }
    for index in sessions.indices { sessions[index] = nil }
    // A message that was under way when the channel was cut is lost with it.
    for index in pages.indices { pages[index].isDoubted = true }
  }
}
