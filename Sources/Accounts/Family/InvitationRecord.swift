import Foundation

/// An invitation as it is stored.
struct InvitationRecord: Hashable, Sendable {
  /// 7 days, in milliseconds.
  static let lifetime: Int64 = 7 * 24 * 3_600_000
  /// From one account, in ``throttlePeriod``.
  static let maximumSent = 20
  /// A day, in milliseconds.
  static let throttlePeriod: Int64 = 24 * 3_600_000

  enum State: String, Hashable, Sendable {
    case open, accepted, declined, revoked
  }

  let id: UUID
  let patient: AccountID
  /// Perhaps gone.
  let invitedBy: AccountID?
  let email: String
  let relation: Relation
  let state: State
  let createdAt: Int64
  let expiresAt: Int64

  var invitation: Invitation {
    Invitation(id: id, email: email, relation: relation, createdAt: createdAt, expiresAt: expiresAt)
  }

  /// - Throws: ``AccountRefusal/invitation(_:)`` unless it waits for this address's answer.
  func requireOpen(for address: String?, now: Int64) throws(AccountRefusal) {
    guard email == address else { throw .invitation(.forAnother) }
    switch state {
    case .accepted, .declined: throw .invitation(.used)
    case .revoked: throw .invitation(.revoked)
    case .open where expiresAt <= now: throw .invitation(.expired)
    case .open: return
    }
  }
}

extension Relation {
  /// Whether somebody can represent a patient in this way on a day: a parent a minor without protection, a tutor or a
  /// curator whoever is under that protection (CU-6.3).
  func fits(_ patient: Profile, on day: CivilDate) -> Bool {
    guard patient.protection == protection else { return false }
    return self != .parent || patient.birthDate.map { $0.age(on: day) < 18 } == true
  }
}
