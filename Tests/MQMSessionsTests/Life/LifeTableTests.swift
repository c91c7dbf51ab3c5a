import MQMSessions
import Rooms
import Testing

@Suite("The life of a consultation, through the hall and the record: every command, of everybody, in every situation")
struct LifeTableTests {
  /// The rows of a table: its headings in order, each with a word for every situation.
  private static func rows(_ text: String) -> [(heading: [String], outcomes: [String])] {
    let names = Set(
      LifeStage.Wish.allCases.map(\.rawValue) + LifeStage.Role.allCases.map(\.rawValue) + Rule.allCases.map(\.rawValue))
    var rows: [(heading: [String], outcomes: [String])] = []
    var wish = ""
    for line in text.split(separator: "\n") {
      var words = line.split(separator: " ").map(String.init)
      let name = names.contains(words[0]) ? words.removeFirst() : nil
      if let name, words.isEmpty {
        wish = name
      } else if let name {
        rows.append(([wish, name], []))
      }
      if !words.isEmpty { rows[rows.count - 1].outcomes += words.map { LifeTable.codes[$0] ?? $0 } }
    }
    return rows.map { row in
      let all = LifeStage.Situation.allCases.count
      return (row.heading, row.outcomes.count == 1 ? Array(repeating: row.outcomes[0], count: all) : row.outcomes)
    }
  }

  @Test("The table has a word for everybody, everything and every situation")
  func complete() {
    let rows = Self.rows(LifeTable.text)
    let headings = LifeStage.Wish.allCases.flatMap { wish in
      LifeStage.Role.allCases.map { [wish.rawValue, $0.rawValue] }
    }
    #expect(rows.map(\.heading) == headings)
    #expect(rows.allSatisfy { $0.outcomes.count == LifeStage.Situation.allCases.count })
    #expect(Self.rows(LifeTable.broker).map { $0.heading[1] } == Rule.allCases.map(\.rawValue))
    let words = Set(rows.flatMap(\.outcomes))
    #expect(words.isSubset(of: LifeTable.codes.values + Consultation.StateName.allCases.map(\.rawValue)))
  }

  @Test(
    "Every transition is allowed or refused as the table has it, and a refusal changes nothing (CU-6.1 to 6.5, CU-5.2)",
    arguments: LifeStage.Situation.allCases)
  func life(situation: LifeStage.Situation) throws {
    let column = try #require(LifeStage.Situation.allCases.firstIndex(of: situation))
    var stage = try LifeStage(situation)
    for (heading, outcomes) in Self.rows(LifeTable.text) {
      let wish = try #require(LifeStage.Wish(rawValue: heading[0]))
      let role = try #require(LifeStage.Role(rawValue: heading[1]))
      let isRefused = LifeTable.codes.values.contains(outcomes[column])
      let before = try stage.consultation()
      let length = try stage.length()
      #expect(
        try stage.outcome(of: stage.want(wish, role)) == outcomes[column], "\(role): \(wish) when \(situation)")
      if isRefused {
        #expect(try stage.consultation() == before)
        #expect(try stage.length() == length)
      } else {
        _ = try stage.consultation()
        #expect(try stage.length() == length + 1)
        #expect(try stage.record.journal().last?.contains(" \(LifeStage.person(role)) ") == true)
        stage = try LifeStage(situation)
      }
    }
  }

  // MARK: The broker itself

  enum Rule: String, CaseIterable {
    case suspend, resume, claimClock, startClock, retention, retentionEarly, account
  }

  private func propose(_ rule: Rule, on stage: LifeStage) throws -> [Effect] {
    let clocks = try stage.consultation().clocks
    switch rule {
    case .suspend: return stage.propose(.rule, .suspend)
    case .resume: return stage.propose(.rule, .resume)
    case .claimClock: return stage.propose(.clock, .markOverdue(.claim, dueAt: clocks.claim.dueAt))
    case .startClock:
      return stage.propose(.clock, .markOverdue(.start, dueAt: clocks.start?.dueAt ?? clocks.claim.dueAt))
    case .retention:
      stage.record.now += 7 * 24 * 3_600_000
      return stage.propose(.clock, .close(by: nil, why: .retention))
    case .retentionEarly:
      stage.record.now += 7 * 24 * 3_600_000 - 1
      return stage.propose(.clock, .close(by: nil, why: .retention))
    case .account: return stage.propose(.account(.erased), .close(by: nil, why: .account))
    }
  }

  @Test(
    "What a rule, a clock or an erased account wants is allowed or refused as the table has it (CU-6.2, 6.3c, 12.1)",
    arguments: LifeStage.Situation.allCases)
  func broker(situation: LifeStage.Situation) throws {
    let column = try #require(LifeStage.Situation.allCases.firstIndex(of: situation))
    for (heading, outcomes) in Self.rows(LifeTable.broker) {
      let stage = try LifeStage(situation)
      let before = try stage.consultation()
      let rule = try #require(Rule(rawValue: heading[1]))
      #expect(try stage.outcome(of: propose(rule, on: stage)) == outcomes[column], "\(rule) when \(situation)")
      if LifeTable.codes.values.contains(outcomes[column]) { #expect(try stage.consultation() == before) }
    }
  }

  // MARK: Races

  /// One of two who want something at the same moment.
  enum Rival: Sendable {
    case wish(LifeStage.Wish, LifeStage.Role)
    case barred(LifeStage.Role, AccountCause)
  }

  struct Race: Sendable {
    let situation: LifeStage.Situation
    let rivals: (Rival, Rival)
    /// What comes of the first and of the second, and the state in the end, when the first is decided first.
    let forward: [String]
    /// The same when the second is decided first; still in the order of the rivals.
    let backward: [String]
  }

  static let races = [
    Race(
      situation: .assigned, rivals: (.wish(.claim, .assigned), .wish(.unassign, .patient)),
      forward: ["claimed", "not_overdue", "claimed"], backward: ["claimed", "requested", "claimed"]),
    Race(
      situation: .assigned, rivals: (.wish(.claim, .assigned), .wish(.assign, .guardian)),
      forward: ["claimed", "not_overdue", "claimed"], backward: ["unknown_consultation", "requested", "requested"]),
    Race(
      situation: .assigned, rivals: (.wish(.claim, .assigned), .wish(.cancel, .patient)),
      forward: ["claimed", "cancelled", "cancelled"], backward: ["consultation_cancelled", "cancelled", "cancelled"]),
    Race(
      situation: .assigned, rivals: (.wish(.claim, .assigned), .wish(.refuse, .assigned)),
      forward: ["claimed", "wrong_state", "claimed"], backward: ["wrong_state", "refused", "refused"]),
    Race(
      situation: .assigned, rivals: (.wish(.claim, .assigned), .barred(.patient, .erased)),
      forward: ["claimed", "cancelled", "cancelled"], backward: ["consultation_cancelled", "cancelled", "cancelled"]),
    Race(
      situation: .assigned, rivals: (.wish(.claim, .assigned), .barred(.assigned, .notVerified)),
      forward: ["claimed", "wrong_state", "refused"], backward: ["wrong_state", "refused", "refused"]),
    Race(
      situation: .requested, rivals: (.wish(.claim, .claimant), .wish(.claim, .another)),
      forward: ["claimed", "already_claimed", "claimed"], backward: ["already_claimed", "claimed", "claimed"]),
    Race(
      situation: .assigned, rivals: (.wish(.refuse, .assigned), .wish(.unassign, .patient)),
      forward: ["refused", "requested", "requested"], backward: ["forbidden", "requested", "requested"]),
    Race(
      situation: .claimedLate, rivals: (.wish(.release, .claimant), .wish(.unassign, .patient)),
      forward: ["requested", "wrong_state", "requested"], backward: ["wrong_state", "requested", "requested"]),
    Race(
      situation: .claimedLate, rivals: (.wish(.open, .claimant), .wish(.assign, .patient)),
      forward: ["open", "requested", "requested"], backward: ["wrong_state", "requested", "requested"]),
    Race(
      situation: .openLate, rivals: (.wish(.start, .claimant), .wish(.unassign, .patient)),
      forward: ["in_progress", "wrong_state", "in_progress"], backward: ["wrong_state", "requested", "requested"]),
    Race(
      situation: .open, rivals: (.wish(.start, .claimant), .wish(.cancel, .patient)),
      forward: ["in_progress", "wrong_state", "in_progress"],
      backward: ["consultation_cancelled", "cancelled", "cancelled"]),
    Race(
      situation: .open, rivals: (.wish(.start, .claimant), .barred(.claimant, .notVerified)),
      forward: ["in_progress", "wrong_state", "ended"], backward: ["wrong_state", "requested", "requested"]),
    Race(
      situation: .inProgress, rivals: (.wish(.end, .claimant), .barred(.patient, .erased)),
      forward: ["ended", "consultation_ended", "closed"], backward: ["consultation_ended", "ended", "closed"]),
    Race(
      situation: .papers, rivals: (.wish(.fetch, .patient), .wish(.withdraw, .claimant)),
      forward: ["ended", "already_fetched", "ended"], backward: ["unknown_document", "ended", "ended"]),
    Race(
      situation: .fetched, rivals: (.wish(.confirm, .patient), .wish(.handOver, .claimant)),
      forward: ["closed", "consultation_closed", "closed"], backward: ["documents_unfetched", "ended", "ended"]),
    Race(
      situation: .fetched, rivals: (.wish(.confirm, .patient), .wish(.close, .claimant)),
      forward: ["closed", "consultation_closed", "closed"], backward: ["consultation_closed", "closed", "closed"]),
  ]

  private func wish(_ rival: Rival, on stage: LifeStage) -> [Effect] {
    switch rival {
    case .wish(let wish, let role): stage.want(wish, role)
    case .barred(let role, let cause): stage.hall.bar(LifeStage.person(role), because: cause)
    }
  }

  @Test(
    "Of two who want something at the same moment, whoever is decided first, one outcome (CU-6.2)", arguments: races)
  func race(_ race: Race) throws {
    for isForward in [true, false] {
      let stage = try LifeStage(race.situation)
      // Both were allowed to ask before either was decided.
      let effects = [wish(race.rivals.0, on: stage), wish(race.rivals.1, on: stage)]
      var outcomes = ["", ""]
      for index in isForward ? [0, 1] : [1, 0] { outcomes[index] = try stage.outcome(of: effects[index]) }
      try stage.settle()
      outcomes.append(try stage.consultation().state.name.rawValue)
      #expect(outcomes == (isForward ? race.forward : race.backward), "\(race.rivals), forward: \(isForward)")
    }
  }
}
