import Accounts
import MQMSessions
import Rooms
public import Transport

/// An error over HTTP (RFC 9457), with a code of docs/openapi.yaml.
public struct Problem: Error, Equatable {
  let status: Int
  let code: String
  let title: String
  /// The member of the body, or the parameter, that it is about.
  var field: String?
  var afterMilliseconds: Int64?
  /// The methods that there are (RFC 9110, 15.5.6).
  var allowed: [String] = []
  /// How many bytes of a document are there, where others were sent.
  var received: Int?
  /// Bytes of the content that a range is not of (RFC 9110, 15.5.17).
  var size: Int?

  static let notFound = Problem(status: 404, code: "not_found", title: "There is nothing here.")
  static let unsupportedMediaType = Problem(
    status: 415, code: "unsupported_media_type", title: "The body must be application/json.")
  static let originNotAllowed = Problem(
    status: 403, code: "origin_not_allowed", title: "Pages from there may not do this.")
  static let consentRequired = Problem(
    status: 403, code: "consent_required", title: "The texts in force must be agreed to first.")
  static let forbidden = Problem(AccountRefusal.forbidden)

  static let contentDiffers = Problem(
    status: 409, code: "content_mismatch", title: "The hash is not that of the document; fetch it again.")

  static let tooManyAnswers = {
    var problem = Problem(
      status: 429, code: "too_many_answers", title: "Other downloads of this account are not finished yet.")
    problem.afterMilliseconds = 1_000
    return problem
  }()

  static func tooLarge(_ title: String) -> Problem { Problem(status: 413, code: "too_large", title: title) }

  static func methodNotAllowed(_ allowed: [String]) -> Problem {
    var problem = Problem(status: 405, code: "method_not_allowed", title: "Not with this method.")
    problem.allowed = allowed
    return problem
  }

  static func invalid(_ field: String, _ why: String) -> Problem {
    var problem = Problem(status: 400, code: "invalid_field", title: "\(field): \(why).")
    problem.field = field
    return problem
  }

  init(status: Int, code: String, title: String) {
    self.status = status
    self.code = code
    self.title = title
  }

  /// What the transport refuses before the broker sees it.
  init(transportStatus status: Int) {
    switch status {
    case 401: self.init(Fault.notSignedIn)
    case 403: self = .originNotAllowed
    case 404: self = .notFound
    case 405: self = .methodNotAllowed([])
    case 413: self = .tooLarge("The body is larger than is allowed here.")
    case 503: self.init(Fault.busy)
    default: self.init(status: status, code: "malformed", title: "The request cannot be understood.")
    }
  }

  init(_ fault: Fault) {
    self.init(status: Problem.status(of: fault), code: fault.code, title: fault.message)
    switch fault {
    case .invalid(.missing(let field)), .invalid(.invalid(let field)): self.field = field
    default: break
    }
    if case .later(let milliseconds) = fault.retry { afterMilliseconds = milliseconds }
  }

  /// What the rules of consultations refuse. What one may not know of is not there.
  init(_ refusal: Refusal) {
    switch refusal {
    case .unknownConsultation: self = .notFound
    default: self.init(Fault.refused(refusal))
    }
  }

  init(_ failure: DocumentFailure) {
    switch failure {
    case .unknownDocument: self.init(Refusal.unknownDocument)
    case .tooManyDocuments: self.init(Refusal.tooManyDocuments)
    case .keyReused: self.init(Refusal.keyReused)
    case .consultationClosed: self.init(Refusal.consultationClosed)
    case .invalidChunk:
      self = .invalid("Content-Range", "16,384 to 262,144 bytes, or fewer at the end, of as many as were announced")
    case .wrongOffset(let received):
      self.init(status: 409, code: "wrong_offset", title: "Go on with the byte that 'received' says.")
      self.received = received
    case .contentMismatch:
      self.init(status: 415, code: "content_mismatch", title: "The content is not of the type that was named.")
    case .damaged: self.init(Fault.refused(.unavailable))
    }
  }

  init(_ refusal: AccountRefusal) {
    switch refusal {
    case .unavailable:
      // Why is for operators.
      self.init(status: 503, code: "unavailable", title: "The server cannot do this just now. Try again.")
    case .busy: self.init(status: 503, code: "unavailable", title: refusal.message)
    case .unknownAccount, .guardianship(.notLinked): self = .notFound
    case .notAPatient, .notAPractitioner: self.init(status: 403, code: "forbidden", title: refusal.message)
    default: self.init(status: Problem.status(of: refusal), code: refusal.code, title: refusal.message)
    }
    if case .invalid(let field, _) = refusal { self.field = field.rawValue }
    afterMilliseconds = refusal.retryAfterMilliseconds
  }

  /// What any error of a handler means to the client.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let refusal as AccountRefusal: self.init(refusal)
    case let fault as Fault: self.init(fault)
    case let refusal as Refusal: self.init(refusal)
    case let failure as DocumentFailure: self.init(failure)
    case let invalid as JSONObject.Invalid: self.init(Fault.invalid(invalid))
    default: self.init(AccountRefusal.unavailable(why: "\(type(of: error))"))
    }
  }

  private static func status(of fault: Fault) -> Int {
    switch fault {
    case .notSignedIn: 401
    case .tooFast: 429
    case .busy, .refused(.unavailable): 503
    case .refused(.unknownDocument): 404
    case .refused(.forbidden), .refused(.notVerified): 403
    case .refused(.consultationClosed), .refused(.consultationCancelled): 410
    case .refused: 409
    default: 400
    }
  }

  private static func status(of refusal: AccountRefusal) -> Int {
    switch refusal {
    case .wrongCredentials, .secondFactorRequired, .wrongCode: 401
    case .accountSuspended, .secondFactorMissing, .forbidden, .notAPractitioner, .notAPatient,
      .invitation(.forAnother):
      403
    case .unknownAccount, .guardianship(.notLinked): 404
    case .emailTaken, .rppsTaken, .guardianship, .secondFactorOn, .textChanged, .lastGuardian, .hasGuardians,
      .lastOperator:
      409
    case .linkInvalid, .invitation: 410
    case .tooManyAttempts: 429
    case .busy, .unavailable: 503
    case .invalid, .line: 400
    }
  }

  /// For `ServerConfiguration.refusal`.
  public static func response(status: Int) -> HTTPResponse { Problem(transportStatus: status).response }

  var response: HTTPResponse {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("type", "about:blank")
      writer.member("title", title)
      writer.member("status", status)
      writer.member("code", code)
      if let field { writer.member("field", field) }
      if let afterMilliseconds { writer.member("after_ms", afterMilliseconds) }
      if let received { writer.member("received", received) }
    }
    var headers = [Header("Content-Type", "application/problem+json"), Header("Cache-Control", "no-store")]
    if let afterMilliseconds { headers.append(Header("Retry-After", String((afterMilliseconds + 999) / 1_000))) }
    if let size { headers.append(Header("Content-Range", "bytes */\(size)")) }
    if status == 401 { headers.append(Header("WWW-Authenticate", "Bearer")) }
    if !allowed.isEmpty { headers.append(Header("Allow", allowed.joined(separator: ", "))) }
    return HTTPResponse(status: status, headers: headers, body: writer.bytes)
  }
}
