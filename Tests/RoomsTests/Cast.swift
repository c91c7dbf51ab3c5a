import Rooms

/// The people who appear in the tests.
enum Cast {
  static let patient = PersonID(high: 1, low: 1)
  static let mother = PersonID(high: 1, low: 2)
  static let father = PersonID(high: 1, low: 3)
  static let third = PersonID(high: 1, low: 4)
  static let tutor = PersonID(high: 1, low: 5)
  static let curator = PersonID(high: 1, low: 6)
  static let physician = PersonID(high: 1, low: 7)
  static let colleague = PersonID(high: 1, low: 8)
  static let stranger = PersonID(high: 1, low: 9)

  static let consultation = ConsultationID(high: 2, low: 1)
  static let document = Document(
    id: DocumentID(high: 4, low: 1), kind: .prescription, type: .pdf, size: 1_000,
    commitment: String(repeating: "a", count: 64), handedOverAt: now)
  static let details = DocumentDetails(name: "ordonnance.pdf", salt: String(repeating: "5", count: 64))

  static let childhood = CivilDate(year: 2016, month: 1, day: 1)
  static let adulthood = CivilDate(year: 1980, month: 1, day: 1)
  static let today = CivilDate(year: 2026, month: 11, day: 23)
  static let now = Instant(milliseconds: 1_795_401_600_000)

  static func file(
    born birthDate: CivilDate = adulthood, protection: Protection = .none, guardians: [Guardian] = [],
    attending: PersonID? = nil
  ) -> PatientFile {
    PatientFile(
      person: patient, birthDate: birthDate, protection: protection, guardians: guardians, attending: attending)
  }

  /// A child with these parents.
  static func child(of parents: PersonID..., attending: PersonID? = nil) -> PatientFile {
    file(
      born: childhood, guardians: parents.map { Guardian(person: $0, relation: .parent) }, attending: attending)
  }

  static func rule(_ file: PatientFile, curatorRequired: Bool = true) -> PersonsRule {
    PersonsRule(
      file: file, practitioner: physician, status: file.status(on: today), curatorRequired: curatorRequired)
  }
}
