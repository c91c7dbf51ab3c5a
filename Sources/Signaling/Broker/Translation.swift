import Accounts
import Foundation
import Rooms

// The accounts and the rules know the same things under types of their own, so that neither depends on the other. This is
// where one becomes the other.

extension PersonID {
  init(_ account: AccountID) {
    self.init(uuid: account.uuid)
  }
}

extension Identifier {
  init(uuid: UUID) {
    let word = { (bytes: [UInt8]) in bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    let u = uuid.uuid
    self.init(
      high: word([u.0, u.1, u.2, u.3, u.4, u.5, u.6, u.7]), low: word([u.8, u.9, u.10, u.11, u.12, u.13, u.14, u.15]))
  }

  /// A random one (RFC 9562, version 4).
  static func random() -> Self { Self(uuid: UUID()) }

  var uuid: UUID {
    let byte = { (word: UInt64, index: UInt64) in UInt8(truncatingIfNeeded: word >> (56 - index * 8)) }
    return UUID(
      uuid: (
        byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5), byte(high, 6),
        byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4), byte(low, 5),
        byte(low, 6), byte(low, 7)
      ))
  }
}

extension AccountID {
  init(_ person: PersonID) {
    self.init(person.uuid)
  }
}

extension Rooms.CivilDate {
  init(_ date: Accounts.CivilDate) {
    self.init(year: date.year, month: date.month, day: date.day)
  }
}

extension Rooms.Relation {
  init(_ relation: Accounts.Relation) {
    self =
      switch relation {
      case .parent: .parent
      case .tutor: .tutor
      case .curator: .curator
      }
  }
}

extension Rooms.Protection {
  init(_ protection: Accounts.Protection) {
    self =
      switch protection {
      case .none: .none
      case .tutelle: .tutelle
      case .curatelle: .curatelle
      }
  }
}

extension Visitor.Standing {
  init(_ profile: Profile) {
    self = profile.practitioner == nil ? .none : profile.isVerifiedPractitioner ? .verified : .unverified
  }
}

extension Moment {
  /// That instant, with the day that it is in Europe/Paris then (CU-6.3).
  init(milliseconds: Int64) {
    self.init(
      now: Instant(milliseconds: milliseconds), today: Rooms.CivilDate(Accounts.CivilDate(inParisAt: milliseconds)))
  }
}
