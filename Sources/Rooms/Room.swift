/// The live half of an open consultation: who sits where, and between whom signals may pass.
///
/// Nothing in here is durable: after a restart the seats are empty and the clients take them again. The durable half, how
/// far the consultation has come, is `phase`, which follows the record.
public struct Room: Equatable, Sendable {
  public let id: ConsultationID
  public private(set) var rule: PersonsRule
  public private(set) var phase: Phase
  private var occupants: [Seat: Occupant] = [:]
  private var lastGeneration: Int

  /// - Parameter firstGeneration: a number that no earlier life of this room has reached, so that a client can tell a peer
  ///   connection of before a restart from one of after it.
  public init(id: ConsultationID, rule: PersonsRule, phase: Phase = .open, firstGeneration: Int) {
    self.id = id
    self.rule = rule
    self.phase = phase
    self.lastGeneration = firstGeneration
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
    /// Grows whenever peer connections of this seat must be made anew.
    var generation: Int
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
    _ connection: ConnectionID, person: PersonID, as role: SeatRole, takeOver: Bool
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
    if let evicted { leave(evicted) }
    leave(connection)
    for (other, occupant) in occupants where occupant.companion == person { occupants[other]?.companion = nil }
    lastGeneration += 1
    occupants[seat] = Occupant(connection: connection, person: person, companion: nil, generation: lastGeneration)
    return Seating(seat: seat, evicted: evicted)
  }

  /// Gives up whatever seat the connection holds; false if it holds none.
  @discardableResult
  public mutating func leave(_ connection: ConnectionID) -> Bool {
    guard let seat = seat(of: connection) else { return false }
    occupants[seat] = nil
    return true
  }

  /// A guardian, who has just signed in on the patient's own device, sits down beside them (CU-6.3b).
  public mutating func accompany(_ connection: ConnectionID, by guardian: PersonID) throws(Refusal) {
    guard seat(of: connection) == .patient else { throw .notSeated }
    guard rule.isGuardian(guardian) else { throw .notAdmitted }
    guard !occupants.values.contains(where: { $0.person == guardian }) else { throw .seatTaken(bySelf: true) }
    occupants[.patient]?.companion = guardian
  }

  public mutating func unaccompany(_ connection: ConnectionID) throws(Refusal) {
    guard seat(of: connection) == .patient else { throw .notSeated }
    occupants[.patient]?.companion = nil
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
    self.rule = rule
    let seated = occupants.sorted { $0.key < $1.key }
    occupants = [:]
    var removed: [ConnectionID] = []
    for (seat, var occupant) in seated {
      if let companion = occupant.companion, !rule.isGuardian(companion) { occupant.companion = nil }
      guard let place = rule.seat(for: occupant.person, as: seat.role) else {
        removed.append(occupant.connection)
        continue
      }
      if place != seat {
        // The other guardian went, and this one moves up: for the others that is a new peer.
        lastGeneration += 1
        occupant.generation = lastGeneration
      }
      occupants[place] = occupant
    }
    return removed.sorted()
  }

  // MARK: Signals

  /// Whether anything may pass between seats now.
  public var relays: Bool { phase != .suspended && missing.isEmpty }

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
    guard let from = self.seat(of: connection), let sender = occupants[from] else { throw .notSeated }
    guard phase != .suspended else { throw .personsRule(missing: missing) }
    let missing = self.missing
    guard missing.isEmpty else { throw .personsRule(missing: missing) }
    guard let receiver = occupants[seat], seat != from else { throw .peerAbsent }
    guard negotiation == max(sender.generation, receiver.generation) else { throw .staleNegotiation }
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
    guard relays, let own = occupants[seat] else { return [] }
    return occupants.filter { $0.key != seat }.sorted { $0.key < $1.key }.map { other, occupant in
      let later = (own.generation, seat) > (occupant.generation, other) ? seat : other
      return Peer(seat: other, negotiation: max(own.generation, occupant.generation), offers: later)
    }
  }

  // MARK: The record

  /// Follows the record. After a suspension every peer connection is made anew.
  mutating func enter(_ phase: Phase) {
    if self.phase == .suspended, phase != .suspended {
      lastGeneration += 1
      for seat in occupants.keys { occupants[seat]?.generation = lastGeneration }
    }
    self.phase = phase
  }

  /// What the record should say, judging by who is there; nil when it says so already (CU-6.3c).
  var dueTransition: Consultation.Command? {
    switch (phase, missing.contains(.guardian)) {
    case (.inProgress, true): .suspend
    case (.suspended, false): .resume
    default: nil
    }
  }
}
