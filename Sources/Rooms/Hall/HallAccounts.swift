/// What becomes of consultations when an account of one of their parties is closed, erased, or loses its registration, and
/// of connections when somebody represents a patient no longer.
extension Hall {
  /// What the person asked for and did not begin is withdrawn, everything else of theirs is ended, so that nothing stays
  /// under way for ever; so is what turns out to be theirs later, as it was being decided just now (CU-6.7, CU-12.1, CU-12.2).
  public mutating func bar(_ person: PersonID, because cause: AccountCause) -> [Effect] {
    barred[person, default: []].insert(cause)
    let concerned = consultationsOfPatient[person, default: []].union(consultationsOfPractitioner[person, default: []])
    return concerned.sorted().compactMap { id in (entries[id]?.consultation).flatMap(withdrawal) }
  }

  /// The cause is gone: the account was opened again, or the registration verified.
  public mutating func readmit(_ person: PersonID, from cause: AccountCause) {
    barred[person]?.remove(cause)
    if barred[person]?.isEmpty == true { barred[person] = nil }
  }

  /// Whether the person's account was erased; nothing of them is to be remembered (CU-12.1).
  public func isErased(_ person: PersonID) -> Bool { barred[person]?.contains(.erased) == true }

  /// Whether there is a consultation of this patient here.
  public func hasConsultations(of patient: PersonID) -> Bool { consultationsOfPatient[patient] != nil }

  /// Everybody who is a party to a consultation that is not over.
  public var busyPersons: Set<PersonID> {
    entries.values.lazy.map(\.consultation).filter { !$0.state.isOver }.reduce(into: []) { persons, consultation in
      persons.formUnion([consultation.patient, consultation.requester])
      if let claim = consultation.state.claim { persons.insert(claim.practitioner) }
    }
  }

  /// A guardian represents the patient no longer: on connections that are open they neither hear of them nor act for them
  /// from now on. The seat goes with ``fileChanged(_:)``.
  public mutating func unlink(_ guardian: PersonID, from patient: PersonID) -> [Effect] {
    guard guardian != patient else { return [] }
    var effects: [Effect] = []
    for connection in watchers[patient, default: []].sorted() where visitors[connection]?.person == guardian {
      visitors[connection]?.patients.removeAll { $0 == patient }
      watchers[patient]?.remove(connection)
      guard let visitor = visitors[connection] else { continue }
      if visitor.patients.isEmpty { families.remove(connection) }
      effects.append(.consultations(connection, consultations(of: visitor)))
    }
    if watchers[patient]?.isEmpty == true { watchers[patient] = nil }
    return effects
  }

  /// What must be recorded because a party is barred; nil if none is.
  func withdrawal(of consultation: Consultation) -> Effect? {
    // Who practises no longer may still be a patient.
    let patient = barred[consultation.patient]?.subtracting([.notVerified]).min()
    let practitioner = (consultation.state.claim?.practitioner).flatMap { barred[$0]?.min() }
    let physician = consultation.assignedPhysician.flatMap { barred[$0]?.min() }
    let due: (command: Consultation.Command, cause: AccountCause)? =
      switch (consultation.state, patient, practitioner, physician) {
      case (.requested, let cause?, _, _), (.refused, let cause?, _, _), (.claimed, let cause?, _, _),
        (.open, let cause?, _, _):
        (.cancel(by: consultation.patient), cause)
      case (.inProgress(let claim, _, _), let cause?, _, _), (.suspended(let claim, _, _), let cause?, _, _),
        (.inProgress(let claim, _, _), nil, let cause?, _), (.suspended(let claim, _, _), nil, let cause?, _):
        (.end(by: claim.practitioner, reason: .other), cause)
      // An account that an operator closed may be opened again, and its documents be fetched.
      case (.ended, _?, _, _) where isErased(consultation.patient): (.close(by: nil, why: .account), .erased)
      // Others may take what was not begun.
      case (.claimed(let claim), nil, let cause?, _), (.open(let claim, _), nil, let cause?, _):
        (.release(by: claim.practitioner), cause)
      case (.requested, nil, _, let cause?):
        consultation.assignedPhysician.map { (.refuse(by: $0, .unavailable), cause) }
      case (.requested, nil, _, nil), (.refused, nil, _, _), (.claimed, nil, nil, _), (.open, nil, nil, _),
        (.inProgress, nil, nil, _), (.suspended, nil, nil, _), (.ended, _, _, _), (.closed, _, _, _),
        (.cancelled, _, _, _):
        nil
      }
    return due.map { due in
      .record(Proposal(origin: .account(due.cause), change: .transition(consultation.id, due.command)))
    }
  }
}

extension AccountCause: Comparable {
  /// By name, so that of several causes always the same stands in the journal.
  public static func < (left: AccountCause, right: AccountCause) -> Bool { left.rawValue < right.rawValue }
}
