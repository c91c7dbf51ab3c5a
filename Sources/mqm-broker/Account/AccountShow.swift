import Accounts
import ArgumentParser

struct AccountShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show an account, its guardians, and whom it represents.",
    discussion: """
      Example:
        mqm-broker account show lea@example.org
      """)

  @OptionGroup var options: AccountOptions

  @Argument(help: "E-mail address or id.")
  var who: Who

  func run() async throws {
    try await options.withStore { store in
      let profile = try await who.find(in: store)
      print(AccountListing(profile).line)
      if let birthDate = profile.birthDate { print("  born \(birthDate)") }
      if let practitioner = profile.practitioner {
        print("  RPPS \(practitioner.rpps), \(practitioner.specialty), sector \(practitioner.sector.rawValue)")
      }
      if let id = profile.attendingPhysician, let physician = try await store.profile(id) {
        print("  attending physician: \(AccountListing(physician).line)")
      }
      for guardian in try await store.guardians(of: profile.id) {
        print("  \(guardian.relation.rawValue): \(AccountListing(guardian.profile).line)")
      }
      for patient in try await store.patientsRepresented(by: profile.id) {
        guard let relation = patient.relation else { continue }
        print("  is \(relation.rawValue) of: \(AccountListing(patient.profile).line)")
      }
    }
  }
}
