import Accounts
import Foundation
import Rooms
import Testing

@testable import Signaling

/// Names from accounts.
struct DirectoryTests {
  private func profile(_ name: String, specialty: String? = nil) throws -> Profile {
    Profile(
      id: AccountID(UUID()), givenName: name, familyName: "Durand", roles: [.practitioner],
      practitioner: try specialty.map {
        Profile.Practitioner(rpps: try RPPS("10003456786"), specialty: $0, sector: .one, verification: .verified)
      })
  }

  @Test("who was noted is found, with what was noted last")
  func note() throws {
    var directory = Directory()
    let anne = try profile("Anne", specialty: "Médecine générale")
    #expect(directory[PersonID(anne.id)] == nil)
    directory.note(anne)
    let listing = try #require(directory[PersonID(anne.id)])
    #expect(listing == .init(givenName: "Anne", familyName: "Durand", specialty: "Médecine générale"))
    #expect(listing.fullName == "Anne Durand")
    directory.note(Profile(id: anne.id, givenName: "Anna", familyName: "Durand", roles: [.patient]))
    #expect(directory[PersonID(anne.id)] == .init(givenName: "Anna", familyName: "Durand", specialty: nil))
  }

  @Test("whoever nobody has to do with any more is forgotten at the second sweep, so that it does not grow")
  func keepOnly() throws {
    var directory = Directory()
    let people = try (0..<100).map { try profile("P\($0)") }
    for each in people { directory.note(each) }
    let kept = PersonID(people[0].id)
    // A request may be under way for those who were noted a moment ago.
    directory.keepOnly([kept])
    #expect(people.allSatisfy { directory[PersonID($0.id)] != nil })
    directory.keepOnly([kept])
    #expect(people.filter { directory[PersonID($0.id)] != nil }.map(\.id) == [people[0].id])
    directory.keepOnly([])
    #expect(directory[kept] == nil)
  }
}
