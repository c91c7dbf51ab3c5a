public import Foundation

/// A signed-in session: what a valid token stands for.
public struct Session: Hashable, Sendable, Identifiable {
  public let id: UUID
  public let account: AccountID
  public let kind: Kind
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public let createdAt: Int64
  /// The first millisecond at which it is no longer valid.
  public let expiresAt: Int64
  /// What kind of device it was begun on, as far as the browser says: `Firefox, Linux`.
  public let device: String?
  /// To the hour or so; milliseconds since 1970-01-01T00:00:00Z.
  public let lastUsedAt: Int64
  /// Whether a second factor, or the command line, stood behind it.
  public let isStrong: Bool

  public init(
    id: UUID, account: AccountID, kind: Kind, createdAt: Int64, expiresAt: Int64, device: String? = nil,
    lastUsedAt: Int64? = nil, isStrong: Bool = false
  ) {
    self.id = id
    self.account = account
    self.kind = kind
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.device = device
    self.lastUsedAt = lastUsedAt ?? createdAt
    self.isStrong = isStrong
  }

  public enum Kind: Hashable, Sendable {
    /// A browser's.
    case cookie
    /// A program's, sent in `Authorization` (RFC 6750).
    case bearer
    /// Of a guardian who signed in beside the patient: good for that room only (CU-6.3b).
    case companion(room: UUID)
  }
}

/// What a sign-in gives.
public struct SignedIn: Sendable {
  public let session: Session
  /// Known to the client alone from now on: only its digest is stored.
  public let token: SessionToken
  public let profile: Profile
  /// Older sessions of the account that ended to make room for this one; their sockets should be closed.
  public let dropped: [Session]

  public init(session: Session, token: SessionToken, profile: Profile, dropped: [Session] = []) {
    self.session = session
    self.token = token
    self.profile = profile
    self.dropped = dropped
  }
}
