import Accounts
import Foundation
import Rooms
import Testing

@testable import Signaling

/// The same things under the accounts' and the rules' own types.
struct TranslationTests {
  @Test("an id is the same UUID on both sides, and the same text")
  func ids() {
    let fixed = ["00000000-0000-0000-0000-000000000000", "01234567-89ab-cdef-fedc-ba9876543210"].compactMap(UUID.init)
    for uuid in fixed + (0..<100).map({ _ in UUID() }) {
      let person = PersonID(AccountID(uuid))
      #expect(person.uuid == uuid)
      #expect(AccountID(person).uuid == uuid)
      #expect(person.description == uuid.uuidString.lowercased())
    }
  }

  @Test("random ids differ, and are of version 4 (RFC 9562)")
  func random() {
    let ids = (0..<100).map { _ in ConsultationID.random() }
    #expect(Set(ids).count == 100)
    #expect(ids.allSatisfy { Array($0.description)[14] == "4" })
  }

  @Test("every relation and protection has its counterpart of the same name")
  func names() {
    #expect(
      Accounts.Relation.allCases.map { Rooms.Relation($0).rawValue } == Accounts.Relation.allCases.map(\.rawValue))
    #expect(Set(Accounts.Relation.allCases.map { Rooms.Relation($0) }) == Set(Rooms.Relation.allCases))
    #expect(
      Accounts.Protection.allCases.map { Rooms.Protection($0).rawValue } == Accounts.Protection.allCases.map(\.rawValue)
    )
    #expect(Set(Accounts.Protection.allCases.map { Rooms.Protection($0) }) == Set(Rooms.Protection.allCases))
  }

  @Test(
    "the day is that of Europe/Paris, in winter and in summer time (CU-6.3)",
    arguments: [
      // 2026-11-22T22:59:59.999Z and a millisecond later
      (1_795_388_399_999, Rooms.CivilDate(year: 2026, month: 11, day: 22)),
      (1_795_388_400_000, Rooms.CivilDate(year: 2026, month: 11, day: 23)),
      // 2026-07-01T21:59:59.999Z and a millisecond later
      (1_782_943_199_999, Rooms.CivilDate(year: 2026, month: 7, day: 1)),
      (1_782_943_200_000, Rooms.CivilDate(year: 2026, month: 7, day: 2)),
    ] as [(Int64, Rooms.CivilDate)])
  func days(_ milliseconds: Int64, _ day: Rooms.CivilDate) {
    let moment = Moment(milliseconds: milliseconds)
    #expect(moment.now.milliseconds == milliseconds)
    #expect(moment.today == day)
  }
}
