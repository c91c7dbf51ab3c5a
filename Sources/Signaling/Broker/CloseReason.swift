/// Why the broker closes a connection (docs/protocol.md, section 9): the range of the code tells a client what to do.
enum CloseReason: Equatable {
  case serverRestarting(afterMilliseconds: Int64)
  case helloTimeout
  case tooFast
  /// The accounts cannot be read just now, or too many come at once.
  case unavailable(afterMilliseconds: Int64)
  /// The account has as many sockets as one may have.
  case tooManyConnections
  /// Too much waits for clients, and most of it for this one.
  case slowReader
  case signedOut
  case accountSuspended
  /// The account is gone, and everything with it (CU-12.1).
  case accountErased
  case notSignedIn
  /// The texts in force must be agreed to first (CU-3).
  case consentRequired
  /// What the account may do has changed; a new connection begins with what it may now.
  case refresh
  /// The session goes on with another connection.
  case resumed

  var code: UInt16 {
    switch self {
    case .refresh: 4000
    case .resumed: 4001
    case .serverRestarting: 4100
    case .helloTimeout: 4102
    case .tooFast: 4103
    case .slowReader: 4101
    case .unavailable: 4104
    case .tooManyConnections: 4105
    case .signedOut: 4200
    case .accountSuspended: 4201
    case .accountErased: 4202
    case .notSignedIn: 4204
    case .consentRequired: 4205
    }
  }

  private var name: String {
    switch self {
    case .refresh: "refresh"
    case .resumed: "resumed"
    case .serverRestarting: "server_restarting"
    case .helloTimeout: "hello_timeout"
    case .tooFast: "too_fast"
    case .unavailable: "unavailable"
    case .slowReader: "slow_reader"
    case .tooManyConnections: "too_many_connections"
    case .signedOut: "signed_out"
    case .accountSuspended: "account_suspended"
    case .accountErased: "account_erased"
    case .notSignedIn: "not_signed_in"
    case .consentRequired: "consent_required"
    }
  }

  /// 123 bytes at most (RFC 6455, section 5.5).
  var text: String {
    switch self {
    case .serverRestarting(let milliseconds), .unavailable(let milliseconds):
      #"{"code":"\#(name)","after_ms":\#(milliseconds)}"#
    case .tooFast, .helloTimeout, .slowReader: #"{"code":"\#(name)","after_ms":2000}"#
    case .tooManyConnections: #"{"code":"\#(name)","after_ms":60000}"#
    default: #"{"code":"\#(name)"}"#
    }
  }
}
