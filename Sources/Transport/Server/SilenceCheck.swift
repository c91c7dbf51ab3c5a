/// Goes through the open sockets twice a second, and pings or closes those that are silent or let a message drip. A few of them
/// at a time: thousands that have come at once, after an outage for instance, are due at once too, and whoever has something to
/// say waits for one slice of them, not for all. Belongs to the loop's thread.
final class SilenceCheck {
  private static let round: Duration = .milliseconds(500)
  /// In a round. More slices would wake the loop more often than is worth it.
  private static let maximumSlices = 32
  private static let smallestSlice = 32

  private unowned let server: Server
  private var timer: TimerToken?
  /// Those before this place are still to come in this round. It goes down, as the last of the list takes the place of one that
  /// leaves: in the other direction it would move to where it is not seen.
  private var place = 0
  private var slice = 0
  private var pause = SilenceCheck.round

  init(_ server: Server) {
    self.server = server
    wait()
  }

  func end() { timer?.cancel() }

  private func wait() {
    // The loop has the server until it is destroyed, which ends this. A weak reference would make everything that is done with the
    // server slower.
    timer = server.loop.schedule(after: pause) { [unowned self] in
      lookAtSome()
      wait()
    }
  }

  private func lookAtSome() {
    if place == 0 { beginRound() }
    let sockets = server.sockets
    let end = min(place, sockets.count)
    place = max(0, end - slice)
    let now = server.loop.now
    let messageTimeout = server.configuration.messageTimeout.nanoseconds
    let pingAfter = server.configuration.pingAfter.nanoseconds
    let hangUpAfter = server.configuration.hangUpAfter.nanoseconds
    for socket in sockets[place..<end].reversed() {
      socket.checkProgress(now: now, within: messageTimeout)
      socket.checkSilence(now: now, pingAfter: pingAfter, hangUpAfter: hangUpAfter)
    }
  }

  private func beginRound() {
    place = server.sockets.count
    let slices = min(Self.maximumSlices, max(1, place / Self.smallestSlice))
    slice = (place + slices - 1) / slices
    pause = Self.round / slices
  }
}
