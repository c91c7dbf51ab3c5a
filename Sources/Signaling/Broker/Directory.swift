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

  subscript(person: PersonID) -> Listing? { listings[person] }

  mutating func note(_ profile: Profile) {
    listings[PersonID(profile.id)] = Listing(
      givenName: profile.givenName, familyName: profile.familyName, specialty: profile.practitioner?.specialty)
  }

  mutating func keepOnly(_ persons: Set<PersonID>) {
    listings = listings.filter { persons.contains($0.key) }
  }
}
