import Crypto
import Foundation

/// A user name and a password for TURN servers, good until a time that stands in the name: the scheme of
/// draft-uberti-behave-turn-rest-00, as coturn's `use-auth-secret` and other servers have it. A server needs nothing but
/// the secret to check them.
public struct TURNCredentials: Equatable, Sendable {
  /// `<seconds since 1970>:<bearer>`.
  public let username: String
  /// Base64 of HMAC-SHA1 over the user name.
  public let password: String
  /// Milliseconds since 1970, whole seconds: what ``username`` says.
  public let expiresAt: Int64

  /// - Parameters:
  ///   - bearer: for whom, by a name that says nothing about a person; servers count by it and write it to their logs.
  ///   - expiresAt: milliseconds since 1970; rounded down to seconds.
  public init(secret: TURNSecret, bearer: String, expiresAt: Int64) {
    let seconds = expiresAt / 1_000
    username = "\(seconds):\(bearer)"
    let key = SymmetricKey(data: Data(secret.text.utf8))
    let code = HMAC<Insecure.SHA1>.authenticationCode(for: Data(username.utf8), using: key)
    password = Data(code).base64EncodedString()
    self.expiresAt = seconds * 1_000
  }
}

extension TURNCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Without the password.
  public var description: String { "credentials of \(username)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
