import Foundation
import Rooms
import Vault

/// What is known of the patient's health for a consultation, as it is kept: JSON, sealed under the consultation's data key
/// (CU-5.2, CU-12.5).
struct SealedNotes {
  private static let purpose = "health"

  let bytes: Data

  init(_ bytes: Data) {
    self.bytes = bytes
  }

  init(_ notes: HealthNotes, under key: DataKey) throws {
    bytes = try key.seal(JSONEncoder().encode(Content(notes)), purpose: Self.purpose)
  }

  /// - Throws: `VaultFailure.wrongKey`.
  func open(with key: DataKey) throws -> HealthNotes {
    try JSONDecoder().decode(Content.self, from: try key.open(bytes, purpose: Self.purpose)).notes
  }

  private struct Content: Codable {
    let reason: String
    let history: String?
    let socialSecurityNumber: String?
    let updatedAt: Int64?

    private enum CodingKeys: String, CodingKey {
      case reason, history
      case socialSecurityNumber = "social_security_number"
      case updatedAt = "updated_at"
    }

    init(_ notes: HealthNotes) {
      reason = notes.reason
      history = notes.history
      socialSecurityNumber = notes.socialSecurityNumber
      updatedAt = notes.updatedAt?.milliseconds
    }

    var notes: HealthNotes {
      HealthNotes(
        reason: reason, history: history, socialSecurityNumber: socialSecurityNumber,
        updatedAt: updatedAt.map { Instant(milliseconds: $0) })
    }
  }
}
