/// The live half of an open consultation: who sits where, and between whom signals may pass.
///
/// Nothing in here is durable: after a restart the seats are empty and the clients take them again. The durable half, how
/// far the consultation has come, is `phase`, which follows the record.
public struct Room: Equatable, Sendable {
  public let id: ConsultationID
  public private(set) var rule: PersonsRule
  public private(set) var phase: Phase
  private var occupants: [Seat: Occupant] = [:]
  /// Seats that are kept for who was lost from them.
  private var holds: [Seat: Hold] = [:]
  private var links = LinkTable()
  public private(set) var comeback = Comeback.over
  private var lastHold = 0
  /// Negotiations of before a restart that somebody was told to let go of. They may say once more that they have one, if
  /// they have not heard yet.
  private var spent: Set<Int> = []
  /// Seats in which somebody else was before a restart, as the rule has changed since: what people say they still have with
  /// them is over.
  private var reassigned: Set<Seat> = []

  /// - Parameter firstNegotiation: a number that no earlier life of this room has reached, so that a peer connection of
  ///   before a restart is never taken for one of after it.
  public init(id: ConsultationID, rule: PersonsRule, phase: Phase = .open, firstNegotiation: Int) {
    self.id = id
    self.rule = rule
    self.phase = phase
    links = LinkTable(first: firstNegotiation)
  }

  /// How far the record says the consultation has come, as far as it matters to a room that is not over.
  public enum Phase: Hashable, Sendable {
    case open, inProgress, suspended
  }

  /// Who holds a seat, through which connection.
  public struct Occupant: Equatable, Sendable {
    public let connection: ConnectionID
    /// The account that joined.
    public let person: PersonID
    /// A guardian who identified themselves beside the patient (CU-6.3b).
    public internal(set) var companion: PersonID?
    /// The peer connections of before a restart that they said they still have, and were not told to let go of since.
    var connected: Connected
  }

  /// How far its people have found their way back after a restart.
  public enum Comeback: Hashable, Sendable {
    /// Those whom the persons rule asks for have not all been here yet: whoever is missing does not count as gone.
    case gathering
    /// They have; somebody else may still be on their way.
    case gathered
    /// Who is not back is not waited for any more.
    case over
  }

  /// Peer connections that somebody still has when they take a seat, by the other's seat: the negotiation of each.
  public typealias Connected = [Seat: Int]

  /// A seat that is empty because nothing is heard of who sat there. They are not present, and nothing counts on them; but
  /// what media run between browsers run on, as often only the signalling is lost (CU-5.1).
  public struct Hold: Equatable, Sendable {
    public let person: PersonID
    /// Tells it from an earlier one.
    public let number: Int
  }

  /// What taking a seat did.
  public struct Seating: Equatable, Sendable {
    public let seat: Seat
    /// The connection of the same person that lost the seat to this one.
    public let evicted: ConnectionID?
  }

  // MARK: Seats

  public func occupant(of seat: Seat) -> Occupant? { occupants[seat] }

  public func seat(of connection: ConnectionID) -> Seat? {
    for (seat, occupant) in occupants where occupant.connection == connection { return seat }
    return nil
  }

  public var connections: [ConnectionID] {
    occupants.sorted { $0.key < $1.key }.map(\.value.connection)
  }

  /// Takes the seat that the rule has for `person`.
  ///
  /// - Throws: `.notAdmitted` if there is none, whatever they ask for; `.seatTaken` if somebody holds it, or the same
  ///   person from elsewhere and `takeOver` is false.
  public mutating func join(
    _ connection: ConnectionID, person: PersonID, as role: SeatRole, takeOver: Bool, connected: Connected = [:]
  ) throws(Refusal) -> Seating {
    guard let seat = rule.seat(for: person, as: role) else { throw .notAdmitted }
    var evicted: ConnectionID?
    // One person, one seat: whatever place they hold from elsewhere counts, not only this one.
    for held in occupants.values where held.connection != connection && held.person == person {
      guard takeOver else { throw .seatTaken(bySelf: true) }
      evicted = held.connection
    }
    if let holder = occupants[seat], holder.connection != connection, holder.person != person {
      throw .seatTaken(bySelf: false)
    }
    // Whoever sits down where somebody else was goes on with nothing of theirs.
    let isReturn = holds[seat]?.person == person || occupants[seat]?.person == person
    // Nothing is concluded from a seat that is empty for as long as this takes.
    for held in [evicted, connection].compactMap({ $0 }).compactMap(self.seat(of:)) {
      // What they said they had, and whoever sits down now does not, is over.
      let over = occupants[held]?.connected.values.filter { !connected.values.contains($0) } ?? []
      spent.formUnion(over)
      occupants[held] = nil
    }
    for (other, hold) in holds where hold.person == person || other == seat { holds[other] = nil }
    for (other, occupant) in occupants where occupant.companion == person { occupants[other]?.companion = nil }
    let connected = connected.filter { other, negotiation in
      !spent.contains(negotiation) && !(reassigned.contains(other) && links.isEarlier(negotiation))
    }
    let earlier = comeback == .over ? [:] : connected.filter { links.isEarlier($0.value) }
    occupants[seat] = Occupant(connection: connection, person: person, companion: nil, connected: earlier)
    links.take(seat, connected: isReturn || comeback != .over ? connected : [:], others: others(than: seat))
    links.keep(kept)
    noteRunning()
    return Seating(seat: seat, evicted: evicted)
  }

  /// The seats where somebody is, or is expected back.
  private var kept: Set<Seat> { Set(occupants.keys).union(holds.keys) }

  /// The other seats that are kept, and which peer connection with this one those there say they still have.
  private func others(than seat: Seat) -> [Seat: Int?] {
    kept.subtracting([seat]).reduce(into: [:]) { others, other in
      others[other] = .some(comeback == .over ? nil : occupants[other]?.connected[seat])
    }
  }

  /// Gives up whatever seat the connection holds; false if it holds none.
  @discardableResult
  public mutating func leave(_ connection: ConnectionID) -> Bool {
    guard let seat = seat(of: connection) else { return false }
    spent.formUnion(occupants[seat]?.connected.values.map { $0 } ?? [])
    occupants[seat] = nil
    links.drop(seat)
    noteRunning()
    return true
  }

  /// Nothing is heard of who holds a seat through this connection: it is kept for them.
  ///
  /// - Returns: nil if the connection holds none.
  public mutating func lapse(_ connection: ConnectionID) -> Hold? {
    guard let seat = seat(of: connection), let person = occupants[seat]?.person else { return nil }
    lastHold += 1
    let hold = Hold(person: person, number: lastHold)
    holds[seat] = hold
    occupants[seat] = nil
    noteRunning()
    return hold
  }

  /// Nobody is expected back any more: false if somebody came, or if it is about another time.
  mutating func release(hold number: Int) -> Bool {
    release { $0.number == number }
  }

  /// Somebody says that they do not come back: false if no seat is kept for them.
  mutating func release(holdOf person: PersonID) -> Bool {
    release { $0.person == person }
  }

  private mutating func release(_ isMeant: (Hold) -> Bool) -> Bool {
    guard let seat = holds.first(where: { isMeant($0.value) })?.key else { return false }
    holds[seat] = nil
    links.drop(seat)
    noteRunning()
    return true
  }

  /// A guardian, who has just signed in on the patient's own device, sits down beside them (CU-6.3b).
  public mutating func accompany(_ connection: ConnectionID, by guardian: PersonID) throws(Refusal) {
    guard seat(of: connection) == .patient else { throw .notSeated }
    guard rule.isGuardian(guardian) else { throw .notAdmitted }
    guard !occupants.values.contains(where: { $0.person == guardian }) else { throw .seatTaken(bySelf: true) }
    occupants[.patient]?.companion = guardian
    noteRunning()
  }

  public mutating func unaccompany(_ connection: ConnectionID) throws(Refusal) {
    guard seat(of: connection) == .patient else { throw .notSeated }
    occupants[.patient]?.companion = nil
    noteRunning()
  }

  // MARK: Persons

  /// Whether `person` is in the room according to the server: in a seat of their own or beside the patient.
  public func isPresent(_ person: PersonID) -> Bool {
    occupants.values.contains { $0.person == person || $0.companion == person }
  }

  /// Those in `seat`, the patient first: a guardian who acts for the patient brings them along.
  public func persons(in seat: Seat) -> [PersonID] {
    guard let occupant = occupants[seat] else { return [] }
    guard seat == .patient else { return [occupant.person] }
    let acting = occupant.person == rule.patient ? [] : [occupant.person]
    return [rule.patient] + acting + (occupant.companion.map { [$0] } ?? [])
  }

  /// Whom the persons rule is waiting for; the rule holds when that is nobody.
  public var missing: [PersonsRule.Missing] {
    rule.missing(patientSeated: occupants[.patient] != nil, present: isPresent)
  }

  /// Takes note of who may accompany the patient now. Whoever lost their place loses their seat.
  ///
  /// - Returns: the connections that no longer have one.
  mutating func follow(_ rule: PersonsRule) -> [ConnectionID] {
    guard rule != self.rule else { return [] }
    let earlier = self.rule
    self.rule = rule
    let seated = occupants.sorted { $0.key < $1.key }
    occupants = [:]
    for (seat, hold) in holds where rule.seat(for: hold.person, as: seat.role) != seat { holds[seat] = nil }
    var removed: [ConnectionID] = []
    var moved: [Seat] = []
    for (seat, var occupant) in seated {
      if let companion = occupant.companion, !rule.isGuardian(companion) { occupant.companion = nil }
      guard let place = rule.seat(for: occupant.person, as: seat.role) else {
        removed.append(occupant.connection)
        continue
      }
      // The other guardian went, and this one moves up: for the others that is a new peer.
      if place != seat { moved.append(place) }
      occupants[place] = occupant
    }
    links.keep(kept.subtracting(moved))
    if comeback != .over { letGoOfReassigned(since: earlier) }
    for place in moved { links.take(place, connected: [:], others: others(than: place)) }
    noteRunning()
    return removed.sorted()
  }

  private mutating func letGoOfReassigned(since earlier: PersonsRule) {
    reassigned.formUnion(rule.reassigned(since: earlier))
    // Perhaps it was a guardian, acting for the patient, who is none any more.
    let isFewer = earlier.guardians.contains { !rule.isGuardian($0.person) }
    if isFewer, occupants[.patient] == nil { reassigned.insert(.patient) }
    for seat in occupants.keys {
      for other in reassigned {
        if let negotiation = occupants[seat]?.connected.removeValue(forKey: other) { spent.insert(negotiation) }
      }
    }
  }

  // MARK: Signals

  /// Whether anything may pass between seats now.
  public var relays: Bool { phase != .suspended && missing.isEmpty }

  /// Whether media that run already may run on, although perhaps nothing may pass: all whom the rule asks for are here, but
  /// for a patient who is expected back. Guardians are not waited for (CU-6.3c), unless it is the server that was away: what
  /// was in progress then goes on while people find their way back (CU-5.1).
  private var sustains: Bool {
    if comeback == .gathering, phase == .inProgress { return true }
    let isPatientExpected =
      holds[.patient] != nil || (comeback != .over && occupants.values.contains { $0.connected[.patient] != nil })
    return phase != .suspended
      && rule.missing(patientSeated: occupants[.patient] != nil || isPatientExpected, present: isPresent).isEmpty
  }

  /// Peer connections exist from when signals may pass on, and as long as media may run.
  private mutating func noteRunning() {
    if comeback == .gathering, missing.isEmpty { comeback = .gathered }
    if relays { links.run(between: Set(occupants.keys)) } else if !sustains { links.rest() }
    // What somebody is not told to have any more they let go of.
    let claims = occupants.filter { !$0.value.connected.isEmpty }
    let told = claims.keys.map { ($0, peers(of: $0)) }
    for (seat, peers) in told {
      for (other, negotiation) in claims[seat]!.connected
      where !peers.contains(where: { $0.seat == other && $0.negotiation == negotiation }) {
        occupants[seat]?.connected[other] = nil
        spent.insert(negotiation)
      }
    }
    if comeback == .over { (spent, reassigned) = ([], []) }
  }

  /// Where a signal goes.
  public struct Route: Equatable, Sendable {
    public let from: Seat
    public let connection: ConnectionID

    public init(from: Seat, connection: ConnectionID) {
      self.from = from
      self.connection = connection
    }
  }

  /// Decides over one signal. It passes only between two taken seats of this room, while the persons rule holds, and for
  /// the peer connection that the two have now.
  public func route(from connection: ConnectionID, to seat: Seat, negotiation: Int) throws(Refusal) -> Route {
    guard let from = self.seat(of: connection) else { throw .notSeated }
    guard phase != .suspended else { throw .personsRule(missing: missing) }
    let missing = self.missing
    guard missing.isEmpty else { throw .personsRule(missing: missing) }
    guard let receiver = occupants[seat], seat != from else { throw .peerAbsent }
    guard negotiation == links[from, seat]?.negotiation else { throw .staleNegotiation }
    return Route(from: from, connection: receiver.connection)
  }

  /// A peer connection that must exist now.
  public struct Peer: Equatable, Sendable {
    public let seat: Seat
    public let negotiation: Int
    /// Which of the two sends the first offer: whoever came later, so that the other is surely ready.
    public let offers: Seat
  }

  public func peers(of seat: Seat) -> [Peer] {
    guard let own = occupants[seat] else { return [] }
    let relays = relays
    var peers = links.of(seat).filter { other, link in relays && occupants[other] != nil || link.isRunning }
      .map { other, link in Peer(seat: other, negotiation: link.negotiation, offers: link.offers) }
    // Who was there before a restart and is not back yet.
    if comeback != .over, sustains {
      peers += own.connected.filter { occupants[$0.key] == nil && holds[$0.key] == nil }
        .map { Peer(seat: $0.key, negotiation: $0.value, offers: $0.key) }
    }
    return peers.sorted { $0.seat < $1.seat }
  }

  // MARK: The record

  /// The process has just started: people may be on their way back, and have peer connections with each other (CU-5.1).
  mutating func awaitComeback() { comeback = .gathering }

  mutating func endComeback() {
    comeback = .over
    noteRunning()
  }

  /// Follows the record. After a suspension every peer connection is made anew.
  mutating func enter(_ phase: Phase) {
    if self.phase == .suspended, phase != .suspended {
      holds = [:]
      for seat in occupants.keys { occupants[seat]?.connected = [:] }
      links.renew(Set(occupants.keys))
    }
    self.phase = phase
    noteRunning()
  }

  /// What the record should say, judging by who is there; nil when it says so already (CU-6.3c).
  var dueTransition: Consultation.Command? {
    switch (phase, missing.contains(.guardian)) {
    case (.inProgress, true): comeback == .gathering ? nil : .suspend
    case (.suspended, false): .resume
    default: nil
    }
  }
}
