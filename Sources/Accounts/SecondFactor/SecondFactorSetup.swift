/// What a person needs to set up their authenticator app (RFC 6238). Shown once.
public struct SecondFactorSetup: Sendable {
  /// 32 characters of base32 (RFC 4648 section 6): 20 bytes.
  public let secret: String
  /// `otpauth://totp/…`, as apps read it.
  public let uri: String

  public init(secret: String, uri: String) {
    self.secret = secret
    self.uri = uri
  }
}
