import Crypto
import Foundation

/// The key under which a message is signed with HMAC-SHA1 (RFC 8489, section 14.5).
public struct MessageIntegrityKey: Sendable {
  static let bytes = 20

  private let key: SymmetricKey

  /// Of long-term credentials: MD5 over user name, realm and password (RFC 8489, section 9.2.2). They must be of characters
  /// that OpaqueString (RFC 8265) leaves as they are, which those of the REST scheme and of realms in use are.
  public init(username: String, realm: String, password: String) {
    key = SymmetricKey(data: Insecure.MD5.hash(data: Data("\(username):\(realm):\(password)".utf8)))
  }

  /// Of short-term credentials: the password itself (RFC 8489, section 9.1.1).
  init(password: String) {
    key = SymmetricKey(data: Data(password.utf8))
  }

  func code(of message: [UInt8]) -> [UInt8] {
    Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
  }

  /// In a time that does not depend on where they differ.
  func vouches(for message: [UInt8], code: [UInt8]) -> Bool {
    HMAC<Insecure.SHA1>.isValidAuthenticationCode(code, authenticating: message, using: key)
  }
}
