import Rooms

/// Somebody with an account in a schedule; several roles at once are possible.
struct Resident {
  let id: PersonID
  var birthDate: CivilDate
  var protection = Protection.none
  var guardians: [Guardian] = []
  var attending: PersonID?
  var isPatient = false
  var isPractitioner = false
  var isVerified = false

  var file: PatientFile {
    PatientFile(
      person: id, birthDate: birthDate, protection: protection, guardians: guardians, attending: attending)
  }
}

/// The few people of one schedule.
struct Population {
  var residents: [Resident] = []

  /// Draws practitioners, patients of every legal status with their guardians, and strangers.
  init(using random: inout SplitMix64, today: CivilDate) {
    let practitioners = (0..<(3 + random.below(2))).map { number in
      add(born: CivilDate(year: 1975, month: 5, day: 5)) {
        $0.isPractitioner = true
        $0.isVerified = number < 2 || random.chance(70)
      }
    }
    let families = 1 + random.below(5) / 4
    for _ in 0..<families { addFamily(of: practitioners, using: &random, today: today) }
    if random.chance(50) { _ = add(born: CivilDate(year: 1990, month: 1, day: 1)) { $0.isPatient = true } }
    if random.chance(25), let practitioner = random.pick(practitioners) {
      residents[Int(practitioner.low)].isPatient = true
    }
  }

  /// The ids of those of whom somebody may ask for a teleconsultation.
  var patients: [PersonID] { residents.filter(\.isPatient).map(\.id) }

  /// The ids of those who may practise.
  var physicians: [PersonID] { residents.filter(\.isVerified).map(\.id) }

  subscript(person: PersonID) -> Resident { residents[Int(person.low)] }

  /// What the shell would know of somebody who signs in today.
  func visitor(_ person: PersonID, today: CivilDate) -> Visitor {
    let resident = self[person]
    let patients = residents.filter { other in
      guard other.isPatient else { return false }
      return other.id == person
        || other.file.guardians(for: other.file.status(on: today)).contains { $0.person == person }
    }
    return Visitor(
      person: person, practitioner: !resident.isPractitioner ? .none : resident.isVerified ? .verified : .unverified,
      patients: patients.map(\.id))
  }

  /// A guardian is revoked, or somebody is linked anew, whoever that may be.
  mutating func relink(_ patient: PersonID, using random: inout SplitMix64) {
    let index = Int(patient.low)
    if !residents[index].guardians.isEmpty, random.chance(60) {
      residents[index].guardians.remove(at: random.below(residents[index].guardians.count))
    } else if let other = random.pick(residents.map(\.id)), other != patient,
      !residents[index].guardians.contains(where: { $0.person == other })
    {
      residents[index].guardians.append(Guardian(person: other, relation: relation(for: residents[index], &random)))
    }
  }

  private func relation(for resident: Resident, _ random: inout SplitMix64) -> Relation {
    if random.chance(10), let any = random.pick(Relation.allCases) { return any }
    return switch resident.protection {
    case .none: .parent
    case .tutelle: .tutor
    case .curatelle: .curator
    }
  }

  private mutating func add(born birthDate: CivilDate, _ change: (inout Resident) -> Void) -> PersonID {
    var resident = Resident(id: PersonID(high: 1, low: UInt64(residents.count)), birthDate: birthDate)
    change(&resident)
    residents.append(resident)
    return resident.id
  }

  private mutating func addFamily(of practitioners: [PersonID], using random: inout SplitMix64, today: CivilDate) {
    let kind = random.below(10)
    let birthDate = Self.birthDate(ofMinor: (2...6).contains(kind), using: &random, today: today)
    let protection: Protection = kind == 7 || kind == 8 ? .tutelle : kind == 9 ? .curatelle : .none
    let attending = random.chance(40) ? random.pick(practitioners.filter { self[$0].isVerified }) : nil
    let patient = add(born: birthDate) {
      $0.isPatient = true
      $0.protection = protection
      $0.attending = attending
    }
    let count = (2...6).contains(kind) ? [0, 1, 1, 2, 2, 3][random.below(6)] : kind >= 7 ? 1 : random.below(10) / 9
    for _ in 0..<count {
      // Now and then the guardian is a practitioner too.
      let guardian =
        random.chance(12)
        ? practitioners[random.below(practitioners.count)]
        : add(born: CivilDate(year: 1980, month: 8, day: 8)) { $0.isPatient = random.chance(20) }
      let index = Int(patient.low)
      guard !residents[index].guardians.contains(where: { $0.person == guardian }) else { continue }
      residents[index].guardians.append(
        Guardian(person: guardian, relation: relation(for: residents[index], &random)))
    }
  }

  /// Minors are often about to come of age, so that majority falls into the schedule.
  private static func birthDate(ofMinor: Bool, using random: inout SplitMix64, today: CivilDate) -> CivilDate {
    guard ofMinor else { return CivilDate(year: 1940 + random.below(60), month: 1 + random.below(12), day: 10) }
    guard random.chance(30) else {
      return CivilDate(year: today.year - 1 - random.below(16), month: 1 + random.below(12), day: 15)
    }
    return CivilDate(year: today.year - 18, month: today.month, day: min(today.day + random.below(3), 31))
  }
}
