import Rooms

/// How far schedules got: a simulation in which nothing happens would find nothing either.
public struct Coverage: Equatable, Sendable {
  public internal(set) var steps = 0
  public internal(set) var crashes = 0
  public internal(set) var requests = 0
  public internal(set) var claims = 0
  public internal(set) var lostClaims = 0
  public internal(set) var openings = 0
  public internal(set) var starts = 0
  public internal(set) var suspensions = 0
  public internal(set) var resumptions = 0
  public internal(set) var endings = 0
  public internal(set) var cancellations = 0
  public internal(set) var repetitions = 0
  public internal(set) var takeOvers = 0
  public internal(set) var exclusions = 0
  public internal(set) var signals = 0
  public internal(set) var signalsRefused = 0

  public static func + (left: Coverage, right: Coverage) -> Coverage {
    var sum = left
    for path in all { sum[keyPath: path.counter] += right[keyPath: path.counter] }
    return sum
  }

  /// Each counter with its name.
  public var counts: [(name: String, count: Int)] {
    Self.all.map { ($0.name, self[keyPath: $0.counter]) }
  }

  private static var all: [(name: String, counter: WritableKeyPath<Coverage, Int>)] {
    [
      ("steps", \.steps), ("crashes", \.crashes), ("requests", \.requests), ("claims", \.claims),
      ("lost claims", \.lostClaims), ("openings", \.openings), ("starts", \.starts), ("suspensions", \.suspensions),
      ("resumptions", \.resumptions), ("endings", \.endings), ("cancellations", \.cancellations),
      ("repeated keys", \.repetitions), ("take-overs", \.takeOvers), ("exclusions", \.exclusions),
      ("signals passed", \.signals), ("signals refused", \.signalsRefused),
    ]
  }

  mutating func note(_ effect: Effect) {
    switch effect {
    case .refuse(_, .alreadyClaimed): lostClaims += 1
    case .roomClosed(_, .takenOver, _): takeOvers += 1
    case .roomClosed(_, .notAdmitted, _): exclusions += 1
    default: break
    }
  }

  mutating func note(_ proposal: Proposal, _ outcome: Outcome) {
    switch (outcome, proposal.change) {
    case (.refused, _): break
    case (.repeated, _): repetitions += 1
    case (.recorded, .create): requests += 1
    case (.recorded, .transition(_, let command)):
      switch command {
      case .claim: claims += 1
      case .cancel: cancellations += 1
      case .open: openings += 1
      case .start: starts += 1
      case .suspend: suspensions += 1
      case .resume: resumptions += 1
      case .end: endings += 1
      }
    }
  }
}
