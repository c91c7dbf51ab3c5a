import Accounts
import Rooms

/// What is shown of people: names from their accounts, never free text (CU-6.3b). Holds those who have to do with something
/// that is in the hall or are connected, and is swept with it.
struct Directory {
  struct Listing: Equatable {
    let givenName: String
    let familyName: String
    /// Of practitioners.
    let specialty: String?

    var fullName: String { "\(givenName) \(familyName)" }
  }

  private var listings: [PersonID: Listing] = [:]
  /// Noted since the last sweep: what they have to do with may not have reached the hall yet.
  private var fresh: Set<PersonID> = []

  subscript(person: PersonID) -> Listing? { listings[person] }

  mutating func note(_ profile: Profile) {
    fresh.insert(PersonID(profile.id))
    listings[PersonID(profile.id)] = Listing(
      givenName: profile.givenName, familyName: profile.familyName, specialty: profile.practitioner?.specialty)
  }

  /// Forgets somebody whose account was erased (CU-12.1).
  mutating func forget(_ person: PersonID) {
    listings[person] = nil
    fresh.remove(person)
  }

  /// Forgets everybody else, except those who were noted since this was last called.
  mutating func keepOnly(_ persons: Set<PersonID>) {
    listings = listings.filter { persons.contains($0.key) || fresh.contains($0.key) }
    fresh.removeAll()
  }
}
