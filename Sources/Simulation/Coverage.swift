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
  public internal(set) var rejections = 0
  public internal(set) var assignments = 0
  public internal(set) var unassignments = 0
  public internal(set) var claimsTaken = 0
  public internal(set) var releases = 0
  public internal(set) var claimClocks = 0
  public internal(set) var startClocks = 0
  public internal(set) var documents = 0
  public internal(set) var fetches = 0
  public internal(set) var withdrawals = 0
  public internal(set) var confirmations = 0
  public internal(set) var closures = 0
  public internal(set) var retentions = 0
  public internal(set) var closingNotices = 0
  public internal(set) var clockSteps = 0
  public internal(set) var incidents = 0
  public internal(set) var repetitions = 0
  public internal(set) var takeOvers = 0
  public internal(set) var exclusions = 0
  public internal(set) var signals = 0
  public internal(set) var signalsRefused = 0
  public internal(set) var cuts = 0
  public internal(set) var breaks = 0
  public internal(set) var lapses = 0
  public internal(set) var windowsOver = 0
  public internal(set) var resumes = 0
  public internal(set) var resumesAfterLapse = 0
  public internal(set) var resumesOverHalfDead = 0
  public internal(set) var resumesRefused = 0
  public internal(set) var overruns = 0
  public internal(set) var replayed = 0
  public internal(set) var spentSecretsShown = 0
  public internal(set) var pongs = 0
  public internal(set) var answersLost = 0
  public internal(set) var sentAgain = 0
  public internal(set) var rejoins = 0
  public internal(set) var connectedTold = 0
  public internal(set) var links = 0
  public internal(set) var linksKept = 0
  public internal(set) var absenteesDropped = 0
  public internal(set) var sessionsEnded = 0
  public internal(set) var pagesClosed = 0
  public internal(set) var comparisons = 0

  public init() {}

  /// How many consultations there were.
  public var consultations: Int { requests }

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
      ("refusals by the physician", \.rejections), ("assignments to another", \.assignments),
      ("unassignments", \.unassignments), ("claims taken away", \.claimsTaken), ("claims given back", \.releases),
      ("claim clocks run out", \.claimClocks), ("start clocks run out", \.startClocks),
      ("documents", \.documents), ("documents fetched", \.fetches), ("documents withdrawn", \.withdrawals),
      ("confirmations", \.confirmations), ("closures by the practitioner", \.closures),
      ("closures by retention", \.retentions), ("notices of closing", \.closingNotices),
      ("clock steps", \.clockSteps), ("incidents", \.incidents),
      ("repeated keys", \.repetitions), ("take-overs", \.takeOvers), ("exclusions", \.exclusions),
      ("signals passed", \.signals), ("signals refused", \.signalsRefused),
      ("connections cut", \.cuts), ("breaks noticed by the broker", \.breaks), ("lapses", \.lapses),
      ("resume windows over", \.windowsOver), ("resumes", \.resumes), ("resumes after a lapse", \.resumesAfterLapse),
      ("resumes over a connection that seemed alive", \.resumesOverHalfDead), ("resumes refused", \.resumesRefused),
      ("replays that no longer reached back", \.overruns), ("events replayed", \.replayed),
      ("spent secrets shown", \.spentSecretsShown), ("confirmations by pong", \.pongs),
      ("answers to nobody", \.answersLost), ("mutations sent again", \.sentAgain), ("seats taken again", \.rejoins),
      ("joins with running peer connections", \.connectedTold), ("peer connections made", \.links),
      ("peer connections kept by who joins again", \.linksKept),
      ("absentees dropped", \.absenteesDropped), ("sessions ended by the broker", \.sessionsEnded),
      ("pages closed", \.pagesClosed), ("beliefs compared", \.comparisons),
    ]
  }

  mutating func note(_ effect: Effect) {
    switch effect {
    case .refuse(_, .alreadyClaimed): lostClaims += 1
    case .roomClosed(_, .takenOver, _): takeOvers += 1
    case .roomClosed(_, .notAdmitted, _): exclusions += 1
    case .roomClosed(_, .reassigned, _): claimsTaken += 1
    case .tell(.closesTomorrow, _): closingNotices += 1
    default: break
    }
  }

  mutating func note(_ proposal: Proposal, _ outcome: Outcome) {
    switch (outcome, proposal.change) {
    case (.refused, _): break
    case (.repeated, _): repetitions += 1
    case (_, .clockStepped): clockSteps += 1
    case (.noted, _), (.recorded, .incident): incidents += 1
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
      case .refuse: rejections += 1
      case .assign: assignments += 1
      case .unassign: unassignments += 1
      case .release: releases += 1
      case .markOverdue(.claim, _): claimClocks += 1
      case .markOverdue(.start, _): startClocks += 1
      case .handOver: documents += 1
      case .fetch: fetches += 1
      case .withdraw: withdrawals += 1
      case .close(_, .confirmed): confirmations += 1
      case .close(_, .practitioner): closures += 1
      case .close(_, .retention), .close(_, .account): retentions += 1
      }
    }
  }
}
