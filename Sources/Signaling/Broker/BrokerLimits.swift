import Accounts
import Rooms
import Transport

/// What keeps one client, one account or one address from taking what is everybody's (docs/limits.md).
extension Broker {
  /// Whether somebody may open a socket.
  func decide(_ address: RemoteAddress) -> UpgradeDecision {
    guard !isDraining else { return .refuse(status: 503) }
    guard allowancesOfAddresses.holders(address) < settings.traffic.socketsOfAddress else {
      metrics.noteHit(.addressSockets)
      return .refuse(status: 429)
    }
    return .accept
  }

  /// Gives a socket its account's allowance.
  ///
  /// - Returns: false if the account has as many sockets as one may have.
  func hold(_ client: Client, for person: PersonID) -> Bool {
    guard allowancesOfAccounts.holders(person) < settings.traffic.socketsOfAccount else { return false }
    client.allowanceOfAccount = allowancesOfAccounts.hold(person, at: moment().now)
    return true
  }

  /// - Returns: nil if an HTTP request from there may be looked at, otherwise after how many milliseconds.
  func wait(forRequestFrom address: RemoteAddress) -> Int64? {
    let wait = requestRates.take(address, at: moment().now)
    if wait != nil { metrics.noteHit(.requestRate) }
    return wait
  }

  /// Forgets who has not been heard of for long.
  func sweepAllowances() {
    let now = moment().now
    allowancesOfAccounts.sweep(at: now)
    allowancesOfAddresses.sweep(at: now)
    requestRates.sweep(at: now)
  }

  /// Once a second: what waits for clients may not fill the memory.
  func watchMemory() {
    _ = loop.schedule(after: .seconds(1)) { [weak self] in
      guard let self else { return }
      self.assumeIsolated { broker in
        broker.limitWaitingBytes()
        if !broker.isDraining { broker.watchMemory() }
      }
    }
  }

  /// Closes those for whom most waits until it is nine tenths of the limit.
  private func limitWaitingBytes() {
    var waiting = clients.values.reduce(0) { $0 + $1.waitingBytes }
    guard waiting > settings.traffic.waitingBytes else { return }
    for client in clients.values.sorted(by: { $0.waitingBytes > $1.waitingBytes }) {
      guard waiting > settings.traffic.waitingBytes / 10 * 9 else { return }
      waiting -= client.waitingBytes
      metrics.noteHit(.memory)
      close(client, .slowReader)
    }
  }
}
