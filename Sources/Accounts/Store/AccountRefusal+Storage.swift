import Foundation
internal import GRDB
import Vault

extension AccountRefusal {
  /// What a failure inside the database means. The schema's own rules have names, which become refusals; nothing of the
  /// statement or its values is passed on, as they are personal data.
  init(storage error: any Error) {
    switch error {
    case let refusal as AccountRefusal: self = refusal
    case let failure as VaultFailure: self = .unavailable(why: failure.description)
    case let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT: self.init(constraint: error)
    case let error as DatabaseError:
      self = .unavailable(why: "SQLite: \(error.message ?? "error") (\(error.extendedResultCode.rawValue))")
    case is CancellationError: self = .unavailable(why: "the request was cancelled")
    default: self = .unavailable(why: "\(type(of: error))")
    }
  }

  private init(constraint error: DatabaseError) {
    let message = error.message ?? ""
    if let refusal = GuardianshipRefusal.allCases.first(where: { message.hasSuffix($0.rawValue) }) {
      self = .guardianship(refusal)
    } else if message.contains("credential.email") {
      self = .emailTaken
    } else if message.contains("practitioner.rpps") {
      self = .rppsTaken
    } else if message.contains("guardianship.patient") {
      self = .guardianship(.alreadyLinked)
    } else if message.hasSuffix("own_physician") {
      self = .invalid(field: .attending, why: "nobody is their own attending physician")
    } else {
      self = .unavailable(why: "a rule of the database does not allow it (\(message))")
    }
  }
}
