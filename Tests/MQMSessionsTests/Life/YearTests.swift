import Foundation
import GRDB
import Rooms
import Testing

@testable import MQMSessions

struct YearTests {
  /// `MQM_YEAR_CONSULTATIONS` makes it longer, `MQM_YEAR_SEED` plays one again.
  @Test(
    """
    In a year with restarts, downtime, clocks that are set and both changes of daylight saving time no deadline is missed, \
    none strikes twice or late, and everything is closed once (CU-6.2, CU-5.2)
    """)
  func year() throws {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["MQM_YEAR_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64(UInt32.max))
    let consultations = environment["MQM_YEAR_CONSULTATIONS"].flatMap { Int($0) } ?? 120
    print("year seed \(seed), \(consultations) consultations")
    var year = try Year(seed: seed)
    try year.run(consultations: consultations)
    #expect(year.faults.prefix(10) == [], "MQM_YEAR_SEED=\(seed)")

    // The journal says the same: each clock of each deadline once, each closure by retention once.
    let (overdue, closed) = try year.record.raw().read { database in
      (
        try Row.fetchAll(
          database,
          sql: """
            SELECT consultation, details ->> '$.clock' AS clock, details ->> '$.due_at' AS due_at
            FROM journal WHERE event = 'overdue' ORDER BY seq
            """),
        try String.fetchAll(
          database,
          sql: """
            SELECT consultation FROM journal WHERE event = 'closed' AND details ->> '$.why' = 'retention' ORDER BY seq
            """)
      )
    }
    let strikes = overdue.map { Year.Strike(id: $0["consultation"], clock: $0["clock"], dueAt: $0["due_at"]) }
    #expect(strikes == year.strikes)
    #expect(Set(strikes).count == strikes.count, "one deadline struck twice")
    #expect(closed == year.closures.map(\.description))
    #expect(Set(closed).count == closed.count)

    // A year in which nothing happens would prove nothing.
    #expect(year.restarts > 10 && year.clockSteps > 10, "seed \(seed)")
    #expect(strikes.count > 20 && !closed.isEmpty && year.notices > 0, "seed \(seed)")
    #expect(year.strikesAcrossChange > 0 && year.strikesAfterDowntime > 0, "seed \(seed)")
  }
}
