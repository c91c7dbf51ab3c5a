import Accounts
import Rooms

/// What the broker asks of the accounts, off the event loop.
struct People: Sendable {
  let accounts: AccountStore

  /// A patient as the rules need to know them, and everybody whose name goes with them.
  struct Dossier: Sendable {
    let file: PatientFile
    let profiles: [Profile]
  }

  /// The patient's own profile comes first.
  ///
  /// - Returns: nil if there is no such patient, or the account was closed and `evenIfClosed` is false.
  func dossier(of patient: PersonID, evenIfClosed: Bool = false) async throws(AccountRefusal) -> Dossier? {
    guard let profile = try await accounts.profile(AccountID(patient)), evenIfClosed || !profile.isSuspended,
      let birthDate = profile.birthDate
    else { return nil }
    let guardians = try await accounts.guardians(of: profile.id).filter { !$0.profile.isSuspended }
    var profiles = [profile] + guardians.map(\.profile)
    var attending: PersonID?
    if let id = profile.attendingPhysician, let physician = try await accounts.profile(id),
      physician.isVerifiedPractitioner
    {
      attending = PersonID(id)
      profiles.append(physician)
    }
    let file = PatientFile(
      person: patient, birthDate: Rooms.CivilDate(birthDate), protection: Rooms.Protection(profile.protection),
      guardians: guardians.map {
        Rooms.Guardian(person: PersonID($0.profile.id), relation: Rooms.Relation($0.relation))
      },
      attending: attending)
    return Dossier(file: file, profiles: profiles)
  }

  /// Somebody who is signed in, with those whom they may ask for.
  struct Guest: Sendable {
    let profile: Profile
    let patients: [Represented]

    struct Represented: Sendable {
      /// nil: themself.
      let relation: Accounts.Relation?
      let dossier: Dossier
    }
  }

  /// - Returns: nil if the account is gone or closed.
  func guest(_ account: AccountID, on day: Rooms.CivilDate) async throws(AccountRefusal) -> Guest? {
    guard let profile = try await accounts.profile(account), !profile.isSuspended else { return nil }
    var patients: [Guest.Represented] = []
    for represented in try await accounts.patientsRepresented(by: account) {
      guard let dossier = try await dossier(of: PersonID(represented.profile.id)) else { continue }
      // Somebody who came of age is no longer represented by their parents.
      let file = dossier.file
      guard
        represented.relation == nil
          || file.guardians(for: file.status(on: day)).contains(where: { $0.person == PersonID(account) })
      else { continue }
      patients.append(Guest.Represented(relation: represented.relation, dossier: dossier))
    }
    return Guest(profile: profile, patients: patients)
  }
}
