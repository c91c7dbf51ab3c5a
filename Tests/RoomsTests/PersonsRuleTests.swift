import Testing

@testable import Rooms

struct PersonsRuleTests {
  private static let tutelle = Cast.file(
    protection: .tutelle, guardians: [Guardian(person: Cast.tutor, relation: .tutor)])
  private static let curatelle = Cast.file(
    protection: .curatelle, guardians: [Guardian(person: Cast.curator, relation: .curator)])

  @Test(
    "Seats: an adult and the practitioner; the guardians on record, two at most (CU-6.3)",
    arguments: [
      (Cast.file(), [Seat.practitioner, .patient]),
      (Cast.child(), [.practitioner, .patient]),
      (Cast.child(of: Cast.mother), [.practitioner, .patient, .guardian1]),
      (Cast.child(of: Cast.mother, Cast.father), [.practitioner, .patient, .guardian1, .guardian2]),
      (Cast.child(of: Cast.mother, Cast.father, Cast.third), [.practitioner, .patient, .guardian1, .guardian2]),
      (tutelle, [.practitioner, .patient, .guardian1]),
      (curatelle, [.practitioner, .patient, .guardian1]),
    ])
  func seats(file: PatientFile, seats: [Seat]) {
    #expect(Cast.rule(file).seats == seats)
  }

  @Test("Whoever has no place gets none, in whatever role they ask (CU-6.3)", arguments: SeatRole.allCases)
  func noPlace(role: SeatRole) {
    for file in [Cast.file(guardians: [Guardian(person: Cast.stranger, relation: .parent)]), Self.tutelle] {
      #expect(Cast.rule(file).seat(for: Cast.stranger, as: role) == nil)
      #expect(Cast.rule(file).seat(for: Cast.colleague, as: role) == nil)
    }
    #expect(Cast.rule(Cast.child(of: Cast.mother, Cast.father, Cast.third)).seat(for: Cast.third, as: role) == nil)
  }

  @Test(
    "Each has the seat of their capacity, a guardian also the patient's (CU-6.3b)",
    arguments: [
      (Cast.physician, SeatRole.practitioner, Seat.practitioner), (Cast.physician, .patient, nil),
      (Cast.physician, .guardian, nil), (Cast.patient, .practitioner, nil), (Cast.patient, .patient, .patient),
      (Cast.patient, .guardian, nil), (Cast.mother, .patient, .patient), (Cast.mother, .guardian, .guardian1),
      (Cast.father, .guardian, .guardian2), (Cast.father, .practitioner, nil),
    ] as [(PersonID, SeatRole, Seat?)])
  func place(person: PersonID, role: SeatRole, seat: Seat?) {
    #expect(Cast.rule(Cast.child(of: Cast.mother, Cast.father)).seat(for: person, as: role) == seat)
  }

  @Test(
    "Whom the rule waits for when only the patient is there (CU-6.3)",
    arguments: [
      (Cast.file(), true, [PersonsRule.Missing]()), (Cast.child(), true, [.guardian]),
      (Cast.child(of: Cast.mother), true, [.guardian]), (tutelle, true, [.guardian]), (tutelle, false, [.guardian]),
      (curatelle, true, [.guardian]), (curatelle, false, []),
    ])
  func missing(file: PatientFile, curatorRequired: Bool, missing: [PersonsRule.Missing]) {
    let rule = Cast.rule(file, curatorRequired: curatorRequired)
    #expect(rule.missing(patientSeated: true) { _ in false } == missing)
    #expect(rule.missing(patientSeated: false) { _ in false } == [.patient] + missing)
  }

  @Test("One guardian of two is enough (CU-6.3)", arguments: [Cast.mother, Cast.father])
  func oneIsEnough(parent: PersonID) {
    let rule = Cast.rule(Cast.child(of: Cast.mother, Cast.father))
    #expect(rule.missing(patientSeated: true) { $0 == parent }.isEmpty)
  }

  @Test("The practitioner is never the guardian too (CU-6.3)")
  func practitionerIsNoGuardian() {
    let rule = Cast.rule(Cast.child(of: Cast.physician, Cast.mother))
    #expect(rule.guardians.map(\.person) == [Cast.mother])
    #expect(rule.missing(patientSeated: true) { $0 == Cast.physician } == [.guardian])
    #expect(rule.seat(for: Cast.physician, as: .guardian) == nil)
  }

  @Test(
    "What the practitioner may attest with mother and child there (CU-6.3b)",
    arguments: [
      ([Cast.patient, Cast.mother], true), ([Cast.mother, Cast.patient], true), ([Cast.patient], false),
      ([Cast.mother], false), ([], false), ([Cast.patient, Cast.mother, Cast.mother], false),
      ([Cast.patient, Cast.father], false), ([Cast.patient, Cast.mother, Cast.father], false),
      ([Cast.patient, Cast.mother, Cast.stranger], false), ([Cast.patient, Cast.mother, Cast.physician], false),
    ])
  func attestation(persons: [PersonID], isAccepted: Bool) {
    let rule = Cast.rule(Cast.child(of: Cast.mother, Cast.father))
    #expect(rule.accepts(attested: persons) { [Cast.patient, Cast.mother].contains($0) } == isAccepted)
  }

  @Test("An adult is attested alone (CU-6.3b)")
  func adultAttestation() {
    let rule = Cast.rule(Cast.file())
    #expect(rule.accepts(attested: [Cast.patient]) { _ in true })
    #expect(!rule.accepts(attested: [Cast.patient, Cast.mother]) { _ in true })
  }
}
