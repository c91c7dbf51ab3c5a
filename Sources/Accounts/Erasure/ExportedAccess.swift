import Foundation

/// A device that is signed in, in an export: neither its token nor the token's digest.
struct ExportedSession: Encodable, Sendable {
  let id: String
  /// `cookie`, `bearer` or `companion`.
  let kind: String
  let device: String?
  let createdAt: ExportTime
  let lastUsedAt: ExportTime
  let expiresAt: ExportTime

  init(_ session: Session) {
    id = session.id.uuidString.lowercased()
    kind =
      switch session.kind {
      case .cookie: "cookie"
      case .bearer: "bearer"
      case .companion: "companion"
      }
    device = session.device
    createdAt = ExportTime(session.createdAt)
    lastUsedAt = ExportTime(session.lastUsedAt)
    expiresAt = ExportTime(session.expiresAt)
  }

  enum CodingKeys: String, CodingKey {
    case createdAt = "created_at"
    case lastUsedAt = "last_used_at"
    case expiresAt = "expires_at"
    case id, kind, device
  }
}

/// A second factor that is in force, in an export.
struct ExportedSecondFactor: Encodable, Sendable {
  let onSince: ExportTime

  enum CodingKeys: String, CodingKey {
    case onSince = "on_since"
  }
}

/// An e-mail address that waits to be confirmed, in an export.
struct ExportedPendingEmail: Encodable, Sendable {
  let email: String
  let createdAt: ExportTime
  let expiresAt: ExportTime

  enum CodingKeys: String, CodingKey {
    case createdAt = "created_at"
    case expiresAt = "expires_at"
    case email
  }
}

/// A sign-up with the person's e-mail address that was never confirmed, in an export.
struct ExportedRegistration: Encodable, Sendable {
  /// What was entered, as JSON.
  let details: String
  let createdAt: ExportTime
  let expiresAt: ExportTime

  enum CodingKeys: String, CodingKey {
    case createdAt = "created_at"
    case expiresAt = "expires_at"
    case details
  }
}

/// A letter that waits to be sent to the person, in an export: not its words, which may have a link that opens the
/// account.
struct ExportedLetter: Encodable, Sendable {
  let recipient: String
  let createdAt: ExportTime

  enum CodingKeys: String, CodingKey {
    case createdAt = "created_at"
    case recipient
  }
}

/// What was done to the account, or by a guardian's or physician's account, in an export. Ids are pseudonymous.
struct ExportedAuditEntry: Encodable, Sendable {
  let at: ExportTime
  let action: String
  /// `cli`, `system` or the id of an account.
  let actor: String
  let subject: String
  let other: String?
  let ground: String?

  init(_ entry: AuditEntry) {
    at = ExportTime(entry.at)
    action = entry.action.rawValue
    actor = entry.actor.description
    subject = entry.subject.description
    other = entry.other?.description
    ground = entry.ground
  }
}
