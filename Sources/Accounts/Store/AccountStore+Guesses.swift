import Synchronization

/// What may be tried how often.
extension AccountStore {
  /// Admits a search, or something else that costs and that anybody may do.
  ///
  /// - Throws: ``AccountRefusal/tooManyAttempts(afterMilliseconds:)``.
  public func admitSearch(address: RemoteAddress, now: Int64) throws(AccountRefusal) {
    try admit(searches, email: nil, address: address, now: now)
  }

  /// Admits something that sends a letter to an e-mail address that may be another's.
  func admitRequest(email: EmailAddress, address: RemoteAddress, now: Int64) throws(AccountRefusal) {
    try admit(requests, email: email, address: address, now: now)
  }

  /// Lets somebody try a password or a code, and tells the limiter how it went.
  ///
  /// - Parameter lifting: whether success forgets earlier failures. It must not where it proves less than a sign-in
  ///   does: with the password alone nobody gets more guesses at the code.
  /// - Throws: ``AccountRefusal/tooManyAttempts(afterMilliseconds:)`` before any work, and what the work throws.
  func guess<Value: Sendable>(
    at email: EmailAddress?, from address: RemoteAddress, lifting: Bool, now: Int64,
    _ work: () async throws(AccountRefusal) -> Value
  ) async throws(AccountRefusal) -> Value {
    try admit(limiter, email: email, address: address, now: now)
    do {
      let value = try await work()
      limiter.withLock { limiter in
        if lifting {
          limiter.succeeded(email: email, address: address)
        } else {
          limiter.abandoned(email: email, address: address)
        }
      }
      return value
    } catch {
      if error != .wrongCredentials && error != .wrongCode {
        limiter.withLock { $0.abandoned(email: email, address: address) }
      }
      throw error
    }
  }

  /// Lets somebody try the token of a link; only wrong ones count.
  ///
  /// - Throws: ``AccountRefusal/tooManyAttempts(afterMilliseconds:)``, ``AccountRefusal/linkInvalid`` for what has not the
  ///   form of a token, and what the work throws.
  func tryLink<Value: Sendable>(
    _ token: String, from address: RemoteAddress, now: Int64,
    _ work: (SessionToken) async throws(AccountRefusal) -> Value
  ) async throws(AccountRefusal) -> Value {
    try admit(linkGuesses, email: nil, address: address, now: now)
    guard let token = SessionToken(token) else { throw .linkInvalid }
    do {
      let value = try await work(token)
      linkGuesses.withLock { $0.abandoned(email: nil, address: address) }
      return value
    } catch {
      if error != .linkInvalid { linkGuesses.withLock { $0.abandoned(email: nil, address: address) } }
      throw error
    }
  }

  /// Admits a letter for a forgotten password.
  func admitPasswordLetter(email: EmailAddress, address: RemoteAddress, now: Int64) throws(AccountRefusal) {
    try admit(passwordRequests, email: email, address: address, now: now)
  }

  private func admit(
    _ limiter: borrowing Mutex<GuessLimiter>, email: EmailAddress?, address: RemoteAddress, now: Int64
  ) throws(AccountRefusal) {
    if case .refused(let wait) = limiter.withLock({ $0.begin(email: email, address: address, now: now) }) {
      throw .tooManyAttempts(afterMilliseconds: wait)
    }
  }
}
