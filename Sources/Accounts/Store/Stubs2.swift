public import Foundation

// helper acc2 replaces these
extension AccountStore {
  // Stores those that are not there yet, in one transaction, audit textsPublished (subject: .platform) if any, letter newTexts to everybody with consents to an older version.
  // unavailable if a published one differs in its words; invalid if versions are not the next ones or a language is missing. Returns how many versions of documents are new.
  public func publish(_ texts: [LegalText], by actor: AuditEntry.Actor, now: Int64) async throws(AccountRefusal) -> Int
  { throw .unavailable(why: "stub") }
  public func currentTexts() async throws(AccountRefusal) -> [TextReference] { throw .unavailable(why: "stub") }
  public func text(_ document: LegalDocument, version: Int, language: Language) async throws(AccountRefusal)
    -> LegalText?
  { throw .unavailable(why: "stub") }
  // Documents whose version in force the account has not agreed to; empty for accounts that are operators only, and while nothing was published.
  public func consentsNeeded(of account: AccountID) async throws(AccountRefusal) -> [LegalDocument] {
    throw .unavailable(why: "stub")
  }
  // Those of several accounts who have to agree to something.
  public func withoutConsent(among accounts: Set<AccountID>) async throws(AccountRefusal) -> Set<AccountID> {
    throw .unavailable(why: "stub")
  }
  public func consents(of account: AccountID) async throws(AccountRefusal) -> [Consent] {
    throw .unavailable(why: "stub")
  }
  // textChanged. Also on behalf of represented patients without a sign-in of their own (source guardian). Audit consentGiven.
  public func consent(
    to document: LegalDocument, version: Int, language: Language, sha256: Data, of account: AccountID, now: Int64
  ) async throws(AccountRefusal) { throw .unavailable(why: "stub") }

  public func details(of account: AccountID) async throws(AccountRefusal) -> AccountDetails? {
    throw .unavailable(why: "stub")
  }
  // forbidden (lowering protection), hasGuardians, invalid. Audit accountCorrected, attendingSet.
  public func correct(_ account: AccountID, _ correction: Correction, now: Int64) async throws(AccountRefusal) {
    throw .unavailable(why: "stub")
  }
  public func searchPractitioners(name: String) async throws(AccountRefusal) -> [Profile] {
    throw .unavailable(why: "stub")
  }
  // Correct or apply (again); forbidden when suspended; rppsTaken. Audit practitionerPending when it becomes pending.
  public func apply(_ practitioner: NewAccount.Practitioner, of account: AccountID, now: Int64)
    async throws(AccountRefusal)
  { throw .unavailable(why: "stub") }

  public func patients(of account: AccountID) async throws(AccountRefusal) -> [PatientDetails] {
    throw .unavailable(why: "stub")
  }
  // nil if the account is neither the patient nor a guardian.
  public func patient(_ patient: AccountID, for account: AccountID) async throws(AccountRefusal) -> PatientDetails? {
    throw .unavailable(why: "stub")
  }
  // Gives the role guardian if it is missing; consents on behalf of the child; audit accountCreated, guardianLinked (granted by the parent).
  public func createChild(_ child: NewChild, of parent: AccountID, now: Int64) async throws(AccountRefusal) -> AccountID
  { throw .unavailable(why: "stub") }
  // By a guardian of a patient without own sign-in: unknownAccount if not a guardian, forbidden otherwise.
  public func correctPatient(_ patient: AccountID, _ correction: Correction, by guardian: AccountID, now: Int64)
    async throws(AccountRefusal)
  { throw .unavailable(why: "stub") }

  // by: the patient, a guardian, or an operator (isOperator). Letter invitation. Throttled. guardianship(...), invalid, unknownAccount (not one's to know), forbidden.
  public func invite(_ email: String, as relation: Relation, for patient: AccountID, by account: AccountID, now: Int64)
    async throws(AccountRefusal) -> Invitation
  { throw .unavailable(why: "stub") }
  public func revokeInvitation(_ id: UUID, for patient: AccountID, by account: AccountID, now: Int64)
    async throws(AccountRefusal)
  { throw .unavailable(why: "stub") }
  public func receivedInvitations(of account: AccountID, now: Int64) async throws(AccountRefusal)
    -> [ReceivedInvitation]
  { throw .unavailable(why: "stub") }
  public func findInvitation(token: String, for account: AccountID, now: Int64) async throws(AccountRefusal)
    -> ReceivedInvitation
  { throw .unavailable(why: "stub") }
  public func acceptInvitation(_ id: UUID, by account: AccountID, now: Int64) async throws(AccountRefusal) {
    throw .unavailable(why: "stub")
  }
  public func declineInvitation(_ id: UUID, by account: AccountID, now: Int64) async throws(AccountRefusal) {
    throw .unavailable(why: "stub")
  }
  // forbidden, lastGuardian, guardianship(.notLinked), unknownAccount. Letter guardianshipEnded to the guardian. Audit guardianUnlinked.
  public func endGuardianship(patient: AccountID, guardian: AccountID, by account: AccountID, now: Int64)
    async throws(AccountRefusal)
  { throw .unavailable(why: "stub") }

  // By the patient or a guardian; unknownAccount otherwise. nil: nothing was entered.
  public func healthFile(of patient: AccountID, for account: AccountID) async throws(AccountRefusal) -> (
    file: HealthFile, updatedAt: Int64
  )? { throw .unavailable(why: "stub") }
  // For the practitioner who claimed a consultation; the caller has checked that.
  public func healthFile(of patient: AccountID) async throws(AccountRefusal) -> (file: HealthFile, updatedAt: Int64)? {
    throw .unavailable(why: "stub")
  }
  public func setHealthFile(_ file: HealthFile, of patient: AccountID, by account: AccountID, now: Int64)
    async throws(AccountRefusal)
  { throw .unavailable(why: "stub") }

  public func erasurePreview(of account: AccountID) async throws(AccountRefusal) -> ErasurePreview {
    throw .unavailable(why: "stub")
  }
  // Everything of the account, of registrations and invitations with its address, and of represented patients who would have nobody left. lastOperator. Audit accountErased for each. Returns who was erased.
  public func erase(_ account: AccountID, by actor: AuditEntry.Actor, now: Int64) async throws(AccountRefusal) -> Set<
    AccountID
  > { throw .unavailable(why: "stub") }
  // Whether guardian may act for the patient as for themself: correct, export, erase (a guardian of a patient without own sign-in).
  public func mayManage(_ patient: AccountID, _ guardian: AccountID) async throws(AccountRefusal) -> Bool {
    throw .unavailable(why: "stub")
  }
  // Takes what was deleted out of the write-ahead log. False: somebody reads; try again.
  public func scrub() async throws(AccountRefusal) -> Bool { throw .unavailable(why: "stub") }
  public func export(of account: AccountID, now: Int64) async throws(AccountRefusal) -> PersonExport {
    throw .unavailable(why: "stub")
  }

  public func counts() async throws(AccountRefusal) -> AccountCounts { throw .unavailable(why: "stub") }
  public func practitioners(_ verification: Verification?, after: AccountID?, limit: Int) async throws(AccountRefusal)
    -> [PractitionerEntry]
  { throw .unavailable(why: "stub") }
  public func operatorAccount(email: String) async throws(AccountRefusal) -> OperatorAccount? {
    throw .unavailable(why: "stub")
  }
  // By an operator, with a ground; hasGuardians, notAPatient.
  public func setProtection(
    of patient: AccountID, to protection: Protection, ground: String, by actor: AuditEntry.Actor, now: Int64
  ) async throws(AccountRefusal) { throw .unavailable(why: "stub") }
}
