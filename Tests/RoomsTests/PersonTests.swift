import Rooms
import Testing

struct PersonTests {
  private static let eighteenth = CivilDate(year: 2026, month: 11, day: 23)

  @Test(
    "Under 18 is a minor whatever else holds, from then on protection decides (CU-6.3)",
    arguments: [
      (Protection.none, 22, PatientStatus.minor), (.none, 23, .adult),
      (.tutelle, 22, .minor), (.tutelle, 23, .protectedAdult),
      (.curatelle, 22, .minor), (.curatelle, 23, .protectedAdult),
    ])
  func status(protection: Protection, day: Int, status: PatientStatus) {
    let file = PatientFile(
      person: Cast.patient, birthDate: CivilDate(year: 2008, month: 11, day: 23), protection: protection,
      guardians: [], attending: nil)
    #expect(file.status(on: CivilDate(year: 2026, month: 11, day: day)) == status)
  }

  @Test(
    "Only the relation that the status asks for counts (CU-6.3)",
    arguments: [
      (PatientStatus.adult, Protection.none, [Relation]()), (.minor, .none, [.parent]), (.minor, .tutelle, [.parent]),
      (.protectedAdult, .tutelle, [.tutor]), (.protectedAdult, .curatelle, [.curator]),
    ])
  func guardians(status: PatientStatus, protection: Protection, relations: [Relation]) {
    let file = Cast.file(
      protection: protection,
      guardians: [
        Guardian(person: Cast.mother, relation: .parent), Guardian(person: Cast.tutor, relation: .tutor),
        Guardian(person: Cast.curator, relation: .curator),
      ])
    #expect(file.guardians(for: status).map(\.relation) == relations)
  }

  @Test("The parents of somebody who came of age accompany them no longer (CU-6.3)")
  func cameOfAge() {
    let file = Cast.file(
      born: CivilDate(year: 2008, month: 11, day: 23), guardians: [Guardian(person: Cast.mother, relation: .parent)])
    let status = file.status(on: Self.eighteenth)
    #expect(status == .adult)
    #expect(file.guardians(for: status).isEmpty)
  }
}
