public import Foundation

/// The pseudonymous id of a person's account. It says nothing about the person, and may stand in logs and in evidence
/// (CU-13).
public struct AccountID: Hashable, Sendable {
  public let uuid: UUID

  public init(_ uuid: UUID) {
    self.uuid = uuid
  }

  /// Reads a UUID in either case, as in RFC 9562 section 4; nil for anything else.
  public init?(_ text: String) {
    guard let uuid = UUID(uuidString: text) else { return nil }
    self.uuid = uuid
  }
}

extension AccountID {
  /// Stands in the audit for the platform itself, where nobody's account was concerned.
  public static let platform = AccountID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
}

extension AccountID: CustomStringConvertible {
  /// The UUID in lower case, as on the wire (docs/protocol.md).
  public var description: String { uuid.uuidString.lowercased() }
}
