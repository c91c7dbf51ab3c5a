public import Foundation

// helper acc1 replaces these
extension AccountStore {
  // SignUp: counts against the throttle of address and e-mail address, hashes, and stores registration and letter (confirmRegistration, or alreadyRegistered).
  // Throws tooManyAttempts, busy, rppsTaken, invalid (an attending id that is no verified practitioner).
  public func signUp(_ signUp: SignUp, address: RemoteAddress, now: Int64) async throws(AccountRefusal) {
    throw .unavailable(why: "stub")
  }
  // linkInvalid, wrongCredentials, rppsTaken, emailTaken, tooManyAttempts. Makes the account, deletes other registrations of the address, starts a cookie session.
  public func confirmRegistration(token: String, password: String, address: RemoteAddress, device: String?, now: Int64)
    async throws(AccountRefusal) -> SignedIn
  { throw .unavailable(why: "stub") }

  // Throttle only, without any look at the accounts; tooManyAttempts.
  public func admitPasswordRequest(email: String, address: RemoteAddress, now: Int64) throws(AccountRefusal) {
    throw .unavailable(why: "stub")
  }
  // After the answer: letter resetPassword if there is such an account (not closed).
  public func sendPasswordLink(email: String, now: Int64) async throws(AccountRefusal) {
    throw .unavailable(why: "stub")
  }
  // Ends all sessions, lifts the guess lock of the address, audit passwordSet by the account itself, letter passwordChanged.
  public func resetPassword(token: String, to password: String, address: RemoteAddress, now: Int64)
    async throws(AccountRefusal)
  { throw .unavailable(why: "stub") }
  // Ends all other sessions (audit passwordSet closes open sockets: the broker compares session ids itself, so return the ended sessions).
  public func changePassword(
    of account: AccountID, current: String, to new: String, keeping session: UUID, address: RemoteAddress, now: Int64
  ) async throws(AccountRefusal) -> [Session] { throw .unavailable(why: "stub") }
  // Letter confirmEmail or emailTaken to the new address; one open link at a time.
  public func requestEmail(_ email: String, of account: AccountID, password: String, address: RemoteAddress, now: Int64)
    async throws(AccountRefusal)
  { throw .unavailable(why: "stub") }
  public func confirmEmail(token: String, address: RemoteAddress, now: Int64) async throws(AccountRefusal) {
    throw .unavailable(why: "stub")
  }

  // Newest first.
  public func sessions(of account: AccountID, now: Int64) async throws(AccountRefusal) -> [Session] {
    throw .unavailable(why: "stub")
  }
  // nil if the account has no such session.
  public func endSession(_ id: UUID, of account: AccountID) async throws(AccountRefusal) -> Session? {
    throw .unavailable(why: "stub")
  }
  // Writes at most once an hour for a session; also the account's last use (CU-4.4), which forgets the notice; and that of represented patients without own sign-in.
  public func noteUse(of session: Session, now: Int64) async throws(AccountRefusal) { throw .unavailable(why: "stub") }

  public func beginSecondFactor(of account: AccountID, password: String, address: RemoteAddress, now: Int64)
    async throws(AccountRefusal) -> SecondFactorSetup
  { throw .unavailable(why: "stub") }
  // 10 recovery codes.
  public func confirmSecondFactor(of account: AccountID, code: String, address: RemoteAddress, now: Int64)
    async throws(AccountRefusal) -> [String]
  { throw .unavailable(why: "stub") }
  // forbidden for operators
  public func removeSecondFactor(
    of account: AccountID, password: String, code: String, address: RemoteAddress, now: Int64
  ) async throws(AccountRefusal) { throw .unavailable(why: "stub") }
  // From the command line: in force at once, replaces an old one.
  public func setSecondFactor(of account: AccountID, by actor: AuditEntry.Actor, now: Int64)
    async throws(AccountRefusal) -> (setup: SecondFactorSetup, recoveryCodes: [String])
  { throw .unavailable(why: "stub") }
  public func hasSecondFactor(_ account: AccountID) async throws(AccountRefusal) -> Bool {
    throw .unavailable(why: "stub")
  }
  // Password, and the code where a second factor is in force: for erasure. wrongCredentials, secondFactorRequired, wrongCode, tooManyAttempts.
  public func verify(_ account: AccountID, password: String, code: String?, address: RemoteAddress, now: Int64)
    async throws(AccountRefusal)
  { throw .unavailable(why: "stub") }
  // Throttle for searches and for other things that cost: 60 a minute for each address or so.
  public func admitSearch(address: RemoteAddress, now: Int64) throws(AccountRefusal) { throw .unavailable(why: "stub") }

  // CU-4.4, once an hour or so: letters unusedAccount 30 days before, and who was told at least 30 days ago and is unused for 24 calendar months (Europe/Paris days) is erased (audit accountErased by system).
  public func closeUnusedAccounts(now: Int64) async throws(AccountRefusal) -> Int { throw .unavailable(why: "stub") }
  // Registrations, links and invitations that expired long enough ago.
  public func sweepExpired(now: Int64) async throws(AccountRefusal) { throw .unavailable(why: "stub") }
}
