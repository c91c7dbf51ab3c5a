import Transport

/// What a run does.
public struct LoadPlan: Sendable {
  /// Consultations a second, on average; 0 for none.
  public var rate = 5.0
  /// Share of consultations that are a child's, with a parent.
  public var children = 0.2
  /// From start to end of each.
  public var call: Duration = .seconds(2)
  /// Practitioners that try to claim each.
  public var racers = 1
  /// Time in which consultations go on and nothing is recorded.
  public var warmUp: Duration = .seconds(2)
  public var duration: Duration = .seconds(20)
  public var seed: UInt64 = 1
  /// What happens besides; the run then has a quiet phase of `duration` before.
  public var disturbance: DisturbanceKind?

  public init() {}

  /// People that it takes. A patient may ask 20 times a day.
  public var size: Cast.Size {
    let seconds = { (duration: Duration) in
      Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
    let total = rate * (seconds(warmUp) + seconds(duration) * (disturbance == nil ? 1 : 2) + 2)
    let atOnce = rate * (seconds(call) + 3) * 2
    let asking = max(total / 15, atOnce) + 10
    let extra = disturbance?.people ?? Cast.Size(practitioners: 0, adults: 0, families: 0)
    return Cast.Size(
      practitioners: Int(rate * (seconds(call) + 1.5) * 1.5) + 5 + extra.practitioners,
      adults: Int(asking * (1 - children)) + 5 + extra.adults, families: children > 0 ? Int(asking * children) + 5 : 0)
  }
}

/// What may happen besides consultations.
public enum DisturbanceKind: Sendable, Equatable {
  /// So many signed-in clients are cut at once, and come back.
  case storm(clients: Int, spread: Duration, by: Cut)
  /// One client sends so many times what it may.
  case flood(factor: Int)
  /// So many connections send half a request and wait.
  case halfOpen(connections: Int)
  /// So many practitioners stop reading.
  case slowReaders(clients: Int)
  /// So many connections send a byte a second.
  case slowWriters(connections: Int)

  /// Who cuts.
  public enum Cut: String, Sendable, CaseIterable {
    /// The clients' side breaks all connections.
    case clients
    /// The broker is killed, and started again.
    case kill
    /// The broker is stopped as a service manager does, and started again.
    case stop
  }

  public var name: String {
    switch self {
    case .storm: "storm"
    case .flood: "flood"
    case .halfOpen: "half-open"
    case .slowReaders: "slow-readers"
    case .slowWriters: "slow-writers"
    }
  }

  /// Those whom it takes.
  var people: Cast.Size {
    switch self {
    case .storm(let clients, _, _):
      Cast.Size(practitioners: clients / 20, adults: clients - clients / 20, families: 0)
    case .flood: Cast.Size(practitioners: 0, adults: 1, families: 0)
    case .halfOpen, .slowWriters: Cast.Size(practitioners: 0, adults: 0, families: 0)
    case .slowReaders(let clients): Cast.Size(practitioners: clients, adults: 0, families: 0)
    }
  }
}
