import Testing

@testable import Rooms

struct RoomTests {
  private static let practitioner = ConnectionID(1)
  private static let child = ConnectionID(2)
  private static let mother = ConnectionID(3)
  private static let father = ConnectionID(4)
  private static let other = ConnectionID(5)

  /// A child's room with practitioner, child and both parents seated, negotiations 11 to 16.
  private static func fullRoom() throws -> Room {
    var room = emptyRoom()
    _ = try room.join(practitioner, person: Cast.physician, as: .practitioner, takeOver: false)
    _ = try room.join(child, person: Cast.patient, as: .patient, takeOver: false)
    _ = try room.join(mother, person: Cast.mother, as: .guardian, takeOver: false)
    _ = try room.join(father, person: Cast.father, as: .guardian, takeOver: false)
    return room
  }

  private static func emptyRoom() -> Room {
    Room(id: Cast.consultation, rule: Cast.rule(Cast.child(of: Cast.mother, Cast.father)), firstNegotiation: 10)
  }

  @Test("Each finds the seat of their capacity, the second guardian the second (CU-6.3)")
  func seats() throws {
    let room = try Self.fullRoom()
    #expect(room.connections == [Self.practitioner, Self.child, Self.mother, Self.father])
    #expect(room.occupant(of: .guardian2)?.person == Cast.father)
    #expect(room.seat(of: Self.other) == nil)
    #expect(room.missing.isEmpty)
  }

  @Test("A stranger is not admitted, in whatever role (CU-6.3)", arguments: SeatRole.allCases)
  func stranger(role: SeatRole) {
    var room = Self.emptyRoom()
    #expect(throws: Refusal.notAdmitted) {
      try room.join(Self.other, person: Cast.stranger, as: role, takeOver: true)
    }
    #expect(room.connections.isEmpty)
  }

  @Test("One's own seat is taken over only on demand (protocol, 6.4)")
  func takeOver() throws {
    var room = try Self.fullRoom()
    let before = room
    #expect(throws: Refusal.seatTaken(bySelf: true)) {
      try room.join(Self.other, person: Cast.patient, as: .patient, takeOver: false)
    }
    #expect(room == before)
    let seating = try room.join(Self.other, person: Cast.patient, as: .patient, takeOver: true)
    #expect(seating == Room.Seating(seat: .patient, evicted: Self.child))
    #expect(room.seat(of: Self.child) == nil)
  }

  @Test("A seat held by somebody else stays theirs (protocol, 6.4)", arguments: [true, false])
  func seatOfAnother(takeOver: Bool) throws {
    var room = try Self.fullRoom()
    #expect(throws: Refusal.seatTaken(bySelf: false)) {
      try room.join(Self.mother, person: Cast.mother, as: .patient, takeOver: takeOver)
    }
    #expect(room.seat(of: Self.mother) == .guardian1)
  }

  @Test("One person has one seat, wherever they join from (CU-6.3)")
  func onePersonOneSeat() throws {
    var room = try Self.fullRoom()
    room.leave(Self.child)
    let seating = try room.join(Self.other, person: Cast.mother, as: .patient, takeOver: true)
    #expect(seating == Room.Seating(seat: .patient, evicted: Self.mother))
    #expect(room.occupant(of: .guardian1) == nil)
    #expect(room.persons(in: .patient) == [Cast.patient, Cast.mother])
  }

  @Test("A guardian beside the patient is present, and leaves with the seat (CU-6.3b)")
  func companion() throws {
    var room = Self.emptyRoom()
    _ = try room.join(Self.child, person: Cast.patient, as: .patient, takeOver: false)
    #expect(room.missing == [.guardian])
    try room.accompany(Self.child, by: Cast.mother)
    #expect(room.missing.isEmpty)
    #expect(room.persons(in: .patient) == [Cast.patient, Cast.mother])
    try room.unaccompany(Self.child)
    #expect(room.missing == [.guardian])
    try room.accompany(Self.child, by: Cast.mother)
    room.leave(Self.child)
    #expect(room.missing == [.patient, .guardian])
  }

  @Test("Nobody but a guardian, in nobody's but the patient's seat, and not twice (CU-6.3b)")
  func companionRefused() throws {
    var room = try Self.fullRoom()
    #expect(throws: Refusal.notAdmitted) { try room.accompany(Self.child, by: Cast.stranger) }
    #expect(throws: Refusal.notSeated) { try room.accompany(Self.mother, by: Cast.father) }
    #expect(throws: Refusal.seatTaken(bySelf: true)) { try room.accompany(Self.child, by: Cast.mother) }
    #expect(throws: Refusal.notSeated) { try room.unaccompany(Self.other) }
  }

  @Test("A companion who takes a seat of their own no longer sits beside the patient")
  func companionMoves() throws {
    var room = Self.emptyRoom()
    _ = try room.join(Self.child, person: Cast.patient, as: .patient, takeOver: false)
    try room.accompany(Self.child, by: Cast.mother)
    _ = try room.join(Self.mother, person: Cast.mother, as: .guardian, takeOver: false)
    #expect(room.persons(in: .patient) == [Cast.patient])
    #expect(room.persons(in: .guardian1) == [Cast.mother])
  }

  @Test("A guardian who acts for the patient and one beside them are both listed")
  func actingAndBeside() throws {
    var room = Self.emptyRoom()
    _ = try room.join(Self.child, person: Cast.mother, as: .patient, takeOver: false)
    try room.accompany(Self.child, by: Cast.father)
    #expect(room.persons(in: .patient) == [Cast.patient, Cast.mother, Cast.father])
  }

  @Test("Both sides of each pair agree on number and offerer: the later one offers (protocol, section 5)")
  func pairs() throws {
    let room = try Self.fullRoom()
    for seat in Seat.allCases {
      #expect(room.peers(of: seat).map(\.seat) == Seat.allCases.filter { $0 != seat })
      for peer in room.peers(of: seat) {
        let back = try #require(room.peers(of: peer.seat).first { $0.seat == seat })
        #expect(back.negotiation == peer.negotiation)
        #expect(back.offers == peer.offers)
        #expect(peer.offers == max(seat, peer.seat), "they came in the order of their seats")
      }
    }
    #expect(room.peers(of: .practitioner).map(\.negotiation) == [11, 12, 14])
  }

  @Test("Signals pass under the number of the pair, and under no other (protocol, section 7)")
  func negotiation() throws {
    var room = try Self.fullRoom()
    let route = try room.route(from: Self.child, to: .practitioner, negotiation: 11)
    #expect(route == Room.Route(from: .patient, connection: Self.practitioner))
    #expect(throws: Refusal.staleNegotiation) {
      try room.route(from: Self.child, to: .practitioner, negotiation: 10)
    }
    _ = try room.join(Self.child, person: Cast.patient, as: .patient, takeOver: false)
    #expect(throws: Refusal.staleNegotiation) {
      try room.route(from: Self.child, to: .practitioner, negotiation: 11)
    }
    #expect(room.peers(of: .patient).first?.negotiation == 17)
    #expect(room.peers(of: .patient).first?.offers == .patient)
  }

  @Test("Nothing passes without a guardian, without the patient, from outside, or to an empty seat (CU-6.3)")
  func refusals() throws {
    var room = try Self.fullRoom()
    #expect(throws: Refusal.notSeated) { try room.route(from: Self.other, to: .patient, negotiation: 11) }
    room.leave(Self.father)
    #expect(throws: Refusal.peerAbsent) { try room.route(from: Self.child, to: .guardian2, negotiation: 14) }
    room.leave(Self.mother)
    #expect(throws: Refusal.personsRule(missing: [.guardian])) {
      try room.route(from: Self.child, to: .practitioner, negotiation: 11)
    }
    #expect(room.peers(of: .practitioner).isEmpty)
    room.leave(Self.child)
    #expect(throws: Refusal.personsRule(missing: [.patient, .guardian])) {
      try room.route(from: Self.practitioner, to: .patient, negotiation: 11)
    }
  }

  @Test("A suspension stops everything, and afterwards every peer connection is made anew (CU-6.3c)")
  func suspension() throws {
    var room = try Self.fullRoom()
    room.enter(.inProgress)
    #expect(room.peers(of: .practitioner).first?.negotiation == 11, "a start interrupts nothing")
    room.enter(.suspended)
    #expect(room.peers(of: .practitioner).isEmpty)
    #expect(throws: Refusal.personsRule(missing: [])) {
      try room.route(from: Self.child, to: .practitioner, negotiation: 11)
    }
    room.enter(.inProgress)
    #expect(room.peers(of: .practitioner).map(\.negotiation) == [17, 18, 20])
    #expect(room.peers(of: .practitioner).map(\.offers) == [.patient, .guardian1, .guardian2])
  }

  @Test("The record should say suspended without a guardian, and in progress with one (CU-6.3c)")
  func dueTransition() throws {
    var room = try Self.fullRoom()
    #expect(room.dueTransition == nil)
    room.enter(.inProgress)
    room.leave(Self.child)
    #expect(room.dueTransition == nil, "a patient may leave and come back")
    room.leave(Self.mother)
    room.leave(Self.father)
    #expect(room.dueTransition == .suspend)
    room.enter(.suspended)
    #expect(room.dueTransition == nil)
    _ = try room.join(Self.mother, person: Cast.mother, as: .guardian, takeOver: false)
    #expect(room.dueTransition == .resume)
  }

  @Test("Whoever lost their place in the file loses their seat, the other guardian moves up")
  func follow() throws {
    var room = try Self.fullRoom()
    #expect(room.follow(Cast.rule(Cast.child(of: Cast.father))) == [Self.mother])
    #expect(room.seat(of: Self.father) == .guardian1)
    #expect(room.missing.isEmpty)
    #expect(room.peers(of: .guardian1).map(\.negotiation) == [17, 18])
    #expect(room.follow(Cast.rule(Cast.child(of: Cast.father))).isEmpty)
  }

  @Test("No two pairs have the same number, and one that came to rest is not used again (protocol, section 7)")
  func numbersAreUsedOnce() throws {
    var room = try Self.fullRoom()
    func numbers() -> [Int] {
      Seat.allCases.flatMap { seat in room.peers(of: seat).filter { $0.seat < seat }.map(\.negotiation) }
    }
    let before = numbers()
    #expect(Set(before).count == 6)
    room.leave(Self.mother)
    room.leave(Self.father)
    #expect(numbers().isEmpty, "both ends of each let go of it")
    _ = try room.join(Self.mother, person: Cast.mother, as: .guardian, takeOver: false)
    let after = numbers()
    #expect(after.count == 3 && Set(after).count == 3)
    #expect(Set(after).isDisjoint(with: before))
  }

  @Test("Who was lost while the others let go of them goes on with nothing (protocol, section 3)")
  func restWhileAway() throws {
    var room = try Self.fullRoom()
    let number = try #require(room.peers(of: .guardian1).first { $0.seat == .practitioner }?.negotiation)
    room.leave(Self.father)
    _ = room.lapse(Self.mother)
    #expect(room.peers(of: .practitioner).isEmpty, "nobody is beside the child")
    _ = try room.join(
      Self.other, person: Cast.mother, as: .guardian, takeOver: true, connected: [.practitioner: number])
    #expect(try #require(room.peers(of: .practitioner).first { $0.seat == .guardian1 }?.negotiation) > number)
  }

  @Test("After a restart, what one end was told to let go of is not gone on with by the other (protocol, section 3)")
  func comebackOfTwoPages() throws {
    var room = Room(id: Cast.consultation, rule: Cast.rule(Cast.file()), phase: .inProgress, firstNegotiation: 100)
    room.awaitComeback()
    _ = try room.join(
      Self.practitioner, person: Cast.physician, as: .practitioner, takeOver: false, connected: [.patient: 7])
    _ = try room.join(Self.other, person: Cast.patient, as: .patient, takeOver: false)
    let number = try #require(room.peers(of: .practitioner).first?.negotiation)
    #expect(number > 100)
    _ = try room.join(Self.child, person: Cast.patient, as: .patient, takeOver: true, connected: [.practitioner: 7])
    #expect(try #require(room.peers(of: .practitioner).first?.negotiation) > number)
  }

  @Test("What somebody was told to let go of is not told to them again, whatever they still say (protocol, section 3)")
  func staleClaims() throws {
    var room = Room(id: Cast.consultation, rule: Cast.rule(Cast.file()), phase: .inProgress, firstNegotiation: 100)
    room.awaitComeback()
    func join(saying connected: Room.Connected) throws {
      _ = try room.join(
        Self.practitioner, person: Cast.physician, as: .practitioner, takeOver: false, connected: connected)
    }
    try join(saying: [.patient: 7])
    #expect(room.peers(of: .practitioner).map(\.negotiation) == [7], "the patient may be on their way back")
    _ = try room.join(Self.child, person: Cast.patient, as: .patient, takeOver: false)
    let number = try #require(room.peers(of: .practitioner).first?.negotiation)
    room.leave(Self.child)
    try join(saying: [.patient: 7])
    #expect(room.peers(of: .practitioner).isEmpty, "they were told of another one since")
    try join(saying: [.patient: number])
    #expect(room.peers(of: .practitioner).isEmpty, "that one is not from before the restart")
  }

  @Test("After a restart nobody goes on with a guardian who moved up, or who is none any more (CU-6.3)")
  func guardiansOfBefore() throws {
    let file = Cast.child(of: Cast.mother, Cast.father)
    var room = Room(id: Cast.consultation, rule: Cast.rule(file), phase: .inProgress, firstNegotiation: 100)
    room.awaitComeback()
    func join() throws {
      _ = try room.join(
        Self.practitioner, person: Cast.physician, as: .practitioner, takeOver: true,
        connected: [.patient: 7, .guardian1: 8, .guardian2: 9])
    }
    try join()
    _ = try room.join(
      Self.other, person: Cast.father, as: .guardian, takeOver: false, connected: [.patient: 5, .practitioner: 9])
    #expect(room.peers(of: .practitioner).map(\.negotiation) == [7, 8, 9])

    #expect(room.follow(Cast.rule(Cast.child(of: Cast.father))).isEmpty)
    #expect(room.peers(of: .practitioner).isEmpty, "the father moved up, and the mother may have acted for the child")
    try join()
    #expect(room.peers(of: .practitioner).isEmpty)
    _ = try room.join(Self.child, person: Cast.patient, as: .patient, takeOver: false, connected: [.practitioner: 7])
    let peers = room.peers(of: .practitioner)
    #expect(peers.map(\.seat) == [.patient, .guardian1])
    #expect(peers.allSatisfy { $0.negotiation > 100 })
  }

  @Test("Whoever lost their seat to another page goes on with nothing, heard of or not (protocol, section 6)")
  func claimsAfterTakeOver() throws {
    var room = Room(id: Cast.consultation, rule: Cast.rule(Cast.file()), phase: .inProgress, firstNegotiation: 100)
    room.awaitComeback()
    func join(_ connection: ConnectionID, saying connected: Room.Connected) throws -> [Int] {
      _ = try room.join(
        connection, person: Cast.physician, as: .practitioner, takeOver: true, connected: connected)
      return room.peers(of: .practitioner).map(\.negotiation)
    }
    #expect(try join(Self.practitioner, saying: [.patient: 7]) == [7])
    #expect(try join(Self.mother, saying: [.patient: 7]) == [7], "the same page, over a new session")
    #expect(try join(Self.other, saying: [:]) == [])
    #expect(try join(Self.mother, saying: [.patient: 7]) == [], "they were told that their seat was taken over")
  }
}
