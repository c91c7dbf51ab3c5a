import Rooms

/// Why a message was not carried out, as the client is told: a stable code, whether to try again, and a sentence for
/// whoever writes the client (docs/protocol.md, section 8).
enum Fault: Error, Equatable {
  case malformed
  case unknownType
  case invalid(JSONObject.Invalid)
  case tooFast(afterMilliseconds: Int64)
  case helloRequired
  case alreadyGreeted
  case notSignedIn
  case wrongCredentials
  /// The credentials are right, and an operator closed the account (CU-12.2).
  case accountSuspended
  case tooManyAttempts(afterMilliseconds: Int64)
  /// The texts in force must be agreed to first (CU-3).
  case consentRequired
  /// The password is right, and a code of the authenticator app is needed, too.
  case secondFactorRequired
  case wrongCode
  /// The account has as many sockets as one may have.
  case tooManyConnections
  /// The server has more to do than it can take on just now.
  case busy
  /// Nothing new begins until then.
  case maintenance(Maintenance, afterMilliseconds: Int64)
  case refused(Refusal)

  enum Retry: Equatable {
    case never
    case later(afterMilliseconds: Int64)
  }

  var code: String {
    switch self {
    case .malformed: "malformed"
    case .unknownType: "unknown_type"
    case .invalid(.missing): "missing_field"
    case .invalid(.invalid): "invalid_field"
    case .tooFast: "too_fast"
    case .helloRequired: "hello_required"
    case .alreadyGreeted: "already_greeted"
    case .notSignedIn: "not_signed_in"
    case .wrongCredentials: "wrong_credentials"
    case .accountSuspended: "account_suspended"
    case .tooManyAttempts: "too_many_attempts"
    case .consentRequired: "consent_required"
    case .secondFactorRequired: "second_factor_required"
    case .wrongCode: "wrong_code"
    case .tooManyConnections: "too_many_connections"
    case .busy: "unavailable"
    case .maintenance: "maintenance"
    case .refused(let refusal): refusal.code
    }
  }

  var retry: Retry {
    switch self {
    case .tooFast(let milliseconds), .tooManyAttempts(let milliseconds), .maintenance(_, let milliseconds):
      .later(afterMilliseconds: milliseconds)
    case .busy, .refused(.unavailable): .later(afterMilliseconds: 1_000)
    case .tooManyConnections: .later(afterMilliseconds: 60_000)
    case .refused(.peerAbsent), .refused(.personsRule): .later(afterMilliseconds: 1_000)
    default: .never
    }
  }

  var message: String {
    switch self {
    case .malformed: "The frame is not a JSON object of the form that the protocol describes."
    case .unknownType: "There is no message of this type."
    case .invalid(.missing(let field)): "The member '\(field)' is missing."
    case .invalid(.invalid(let field)): "The member '\(field)' is not of its form, or out of range."
    case .tooFast: "Too many messages; this one was not looked at."
    case .helloRequired: "Say hello first, and wait for the answer."
    case .alreadyGreeted: "This connection has said hello already."
    case .notSignedIn: "No valid session cookie or token."
    case .accountSuspended: "This account was closed."
    case .wrongCredentials: "The address or the password is wrong."
    case .tooManyAttempts: "Too many attempts to sign in; wait before the next one."
    case .consentRequired: "The texts in force must be agreed to first, over HTTP."
    case .secondFactorRequired: "A code of the authenticator app is needed, too."
    case .wrongCode: "The code is wrong, or was used before."
    case .tooManyConnections: "This account has as many sockets open as one may have."
    case .busy: "The server is busy."
    case .maintenance: "Maintenance is announced: nothing new begins until it is over."
    case .refused(let refusal): Self.message(for: refusal)
    }
  }

  private static func message(for refusal: Refusal) -> String {
    switch refusal {
    case .forbidden: "This account's role does not allow it."
    case .notVerified: "The practitioner's registration has not been verified."
    case .unknownConsultation: "There is no such consultation that this account may know of."
    case .unknownPatient: "There is no such patient that this account may ask for."
    case .noAttendingPhysician: "The patient has no attending physician on the platform."
    case .tooManyRequests: "This patient has as many consultations under way as are allowed."
    case .alreadyClaimed: "Another practitioner was faster."
    case .wrongState(let state): "Not possible while the consultation is '\(state.rawValue)'."
    case .consultationEnded: "The consultation has ended."
    case .consultationCancelled: "The consultation was cancelled."
    case .consultationClosed: "The consultation is closed, and what there was of documents is gone."
    case .notOverdue: "Not before the practitioner's time has run out."
    case .unknownPhysician: "There is no verified practitioner of this id who could treat the patient."
    case .documentsUnfetched: "The patient has not fetched every document yet."
    case .tooManyIncidents: "This consultation has as many incidents on record as are taken from clients."
    case .tooManyDocuments: "This consultation has as many documents as are allowed."
    case .tooManyChanges: "This consultation was changed as often as is allowed."
    case .unknownDocument: "There is no such document."
    case .alreadyFetched: "The document was fetched already."
    case .notAdmitted: "Only the patient, who may accompany them, and the practitioner can be in this room."
    case .seatTaken(bySelf: true): "The same account holds a seat of this room from elsewhere."
    case .seatTaken(bySelf: false): "Somebody else holds this seat."
    case .notSeated: "This connection has no such seat in the room."
    case .peerAbsent: "Nobody sits there now."
    case .personsRule: "Not before everybody who must be present is, and the consultation is not suspended."
    case .staleNegotiation: "That peer connection is over; the room's 'peers' name the present one."
    case .attestationMismatch: "The attested persons are not those present, or not enough of them."
    case .keyReused: "This key was used for another mutation."
    case .unavailable: "The record cannot be written just now."
    }
  }
}
