/// Finds out whether a STUN or TURN server does what a browser will ask of it. Blocks; not for a thread that others need.
public struct ServerCheck: Sendable {
  public let url: TURNServerURL
  /// nil for a STUN server.
  let credentials: TURNCredentials?
  let authorities: String?

  /// - Parameters:
  ///   - credentials: for a TURN server.
  ///   - authorities: PEM file with the authorities that may vouch for the server; the system's for nil.
  public init(_ url: TURNServerURL, credentials: TURNCredentials?, authorities: String? = nil) {
    self.url = url
    self.credentials = url.isTURN ? credentials : nil
    self.authorities = authorities
  }

  /// What became of one address of the server.
  public struct Finding: Sendable {
    /// As far as it was found: `192.0.2.1:3478`.
    public let address: String?
    /// How long each step took, as far as it went.
    public var times: [(step: CheckStep, duration: Duration)] = []
    /// Where the server sees this machine.
    public var mapped: TransportAddress?
    public var relayed: TransportAddress?
    public var failure: CheckFailure?
  }

  /// Every address to which the name leads: a browser may take any of them.
  public func run() -> [Finding] {
    let start = ContinuousClock.now
    do throws(CheckFailure) {
      let addresses = try ServerAddress.resolve(url)
      let duration = ContinuousClock.now - start
      return addresses.map { check($0, resolvedIn: duration) }
    } catch {
      return [Finding(address: nil, failure: error)]
    }
  }

  private func check(_ address: ServerAddress, resolvedIn duration: Duration) -> Finding {
    var finding = Finding(address: address.text, times: [(.resolve, duration)])
    do throws(CheckFailure) {
      let conversation = try ServerConversation(with: url, at: address, authorities: authorities)
      defer { finding.times += conversation.times }
      try bind(conversation, &finding)
      if let credentials { try allocate(conversation, credentials, &finding) }
    } catch {
      finding.failure = error
    }
    return finding
  }

  private func bind(_ conversation: ServerConversation, _ finding: inout Finding) throws(CheckFailure) {
    let answer = try conversation.ask(STUNMessage(.binding), .binding)
    if let refusal = answer.refusal {
      throw .answer(step: .binding, code: refusal.code, reason: refusal.reason)
    }
    guard let mapped = answer.mappedAddress else { throw .notSTUN }
    finding.mapped = mapped
  }

  /// RFC 8656, section 7: asks without credentials, is told realm and nonce, and asks again; then gives it back.
  private func allocate(
    _ conversation: ServerConversation, _ credentials: TURNCredentials, _ finding: inout Finding
  ) throws(CheckFailure) {
    let asked = try conversation.ask(STUNMessage(.allocate, attributes: [.overUDP]), .allocation)
    guard let refusal = asked.refusal else { throw .noChallenge }
    guard refusal.code == 401 else { throw .answer(step: .allocation, code: refusal.code, reason: refusal.reason) }
    guard var challenge = Challenge(asked, credentials) else { throw .noChallenge }

    var answer = try conversation.ask(
      challenge.signed(.allocate, .overUDP), signedWith: challenge.key, .allocation)
    if answer.refusal?.code == 438, let renewed = Challenge(answer, credentials) {
      // The nonce is too old already (RFC 8489, section 9.2.5).
      challenge = renewed
      answer = try conversation.ask(challenge.signed(.allocate, .overUDP), signedWith: challenge.key, .allocation)
    }
    if let refusal = answer.refusal {
      throw refusal.code == 401
        ? .wrongCredentials : .answer(step: .allocation, code: refusal.code, reason: refusal.reason)
    }
    guard let relayed = answer.relayedAddress else { throw .notSTUN }
    finding.relayed = relayed

    let released = try conversation.ask(
      challenge.signed(.refresh, .lifetime(seconds: 0)), signedWith: challenge.key, .release)
    if let refusal = released.refusal {
      throw .answer(step: .release, code: refusal.code, reason: refusal.reason)
    }
  }
}

/// What a server says when it asks for credentials, and the key that follows from it (RFC 8489, section 9.2).
private struct Challenge {
  private let realm: [UInt8]
  private let nonce: [UInt8]
  private let username: String
  let key: MessageIntegrityKey

  /// RFC 8489, sections 14.9 and 14.10: fewer than 128 characters each, 763 bytes at most.
  private static let bytesAtMost = 763

  init?(_ answer: STUNMessage, _ credentials: TURNCredentials) {
    guard let realm = answer[.realm], let nonce = answer[.nonce], (1...Self.bytesAtMost).contains(realm.count),
      (1...Self.bytesAtMost).contains(nonce.count)
    else { return nil }
    self.realm = realm
    self.nonce = nonce
    username = credentials.username
    key = MessageIntegrityKey(
      username: credentials.username, realm: String(decoding: realm, as: UTF8.self), password: credentials.password)
  }

  func signed(_ method: STUNMessage.Method, _ attribute: STUNAttribute) -> STUNMessage {
    STUNMessage(
      method,
      attributes: [
        attribute, STUNAttribute(.username, text: username), STUNAttribute(.realm, realm), STUNAttribute(.nonce, nonce),
      ])
  }
}
