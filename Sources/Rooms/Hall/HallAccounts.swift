/// What becomes of consultations when an account of one of their parties is closed, erased, or loses its registration.
extension Hall {
  /// What the person asked for and did not begin is withdrawn, everything else of theirs is ended, so that nothing stays
  /// under way for ever; so is what turns out to be theirs later, as it was being decided just now (CU-6.7, CU-12.1, CU-12.2).
  public mutating func bar(_ person: PersonID, because cause: AccountCause) -> [Effect] {
    barred[person] = cause
    let concerned = consultationsOfPatient[person, default: []].union(consultationsOfPractitioner[person, default: []])
    return concerned.sorted().compactMap { id in (entries[id]?.consultation).flatMap(withdrawal) }
  }

  /// The account may be used again, or the registration was verified.
  public mutating func readmit(_ person: PersonID) {
    barred[person] = nil
  }

  /// What must be recorded because a party is barred; nil if none is.
  func withdrawal(of consultation: Consultation) -> Effect? {
    let state = consultation.state
    let command: Consultation.Command
    let cause: AccountCause
    if let barred = barred[consultation.patient], barred != .notVerified {
      cause = barred
      switch state {
      case .requested, .claimed, .open: command = .cancel(by: consultation.patient)
      case .inProgress(let claim, _, _), .suspended(let claim, _, _):
        command = .end(by: claim.practitioner, reason: .other)
      case .ended, .cancelled: return nil
      }
    } else if let claim = state.claim, !state.isOver, let barred = barred[claim.practitioner] {
      cause = barred
      command = .end(by: claim.practitioner, reason: .other)
    } else {
      return nil
    }
    return .record(Proposal(origin: .account(cause), change: .transition(consultation.id, command)))
  }
}
