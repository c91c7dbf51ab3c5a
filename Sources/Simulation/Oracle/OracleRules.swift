import Rooms

/// CU-6.1b, 6.3 and 6.7, once more and in other words.
extension Oracle {
  /// A party to it: the patient's side, or the verified practitioner who claimed it.
  func isParty(_ client: Client, to consultation: Consultation) -> Bool {
    if client.patients.contains(consultation.patient) { return true }
    return client.isVerified && consultation.state.claim?.practitioner == client.person
  }

  /// Whether its card is, or would have been, in the queue of this client.
  func concerns(_ client: Client, _ consultation: Consultation) -> Bool {
    guard client.isVerified else { return false }
    return switch consultation.assignment {
    case .unassigned: true
    case .attending(let physician): physician == client.person
    }
  }

  /// The patient, or who represents them today.
  func represents(_ person: PersonID, _ fact: Fact) -> Bool {
    let relation: Relation? =
      switch (Self.status(of: fact.file, on: today), fact.file.protection) {
      case (.adult, _): nil
      case (.minor, _): .parent
      case (.protectedAdult, .curatelle): .curator
      case (.protectedAdult, _): .tutor
      }
    return person == fact.consultation.patient
      || fact.file.guardians.contains { $0.person == person && $0.relation == relation }
  }

  /// Everybody who may be at the patient's side in this room.
  func companions(of fact: Fact) -> [PersonID] {
    guard let opening = fact.consultation.state.opening else { return [] }
    let wanted: Relation
    switch (opening.status, fact.file.protection) {
    case (.adult, _): return []
    case (.minor, _): wanted = .parent
    case (.protectedAdult, .curatelle): wanted = .curator
    case (.protectedAdult, _): wanted = .tutor
    }
    var persons: [PersonID] = []
    for guardian in fact.file.guardians where guardian.relation == wanted && persons.count < 2 {
      if guardian.person != fact.consultation.state.claim?.practitioner { persons.append(guardian.person) }
    }
    return persons
  }

  /// Whether the patient may be seen without anybody beside them.
  func mayBeAlone(_ fact: Fact) -> Bool {
    switch fact.consultation.state.opening?.status {
    case .adult: true
    case .minor, nil: false
    case .protectedAdult: fact.file.protection == .curatelle && !curatorRequired
    }
  }

  /// Whether CU-6.3 has a place for that person in that seat.
  func isAdmitted(_ person: PersonID, to seat: Seat, of fact: Fact) -> Bool {
    switch seat {
    case .practitioner: person == fact.consultation.state.claim?.practitioner
    case .patient: person == fact.consultation.patient || companions(of: fact).contains(person)
    case .guardian1, .guardian2: companions(of: fact).contains(person)
    }
  }

  func guardianIsThere(_ fact: Fact) -> Bool {
    let allowed = companions(of: fact)
    return seated(in: fact.id).contains { _, client, place in
      (place.seat != .practitioner && allowed.contains(client.person))
        || place.companion.map(allowed.contains) ?? false
    }
  }

  /// Whether anything may pass between the seats now.
  func mayRelay(_ fact: Fact) -> Bool {
    switch fact.consultation.state.name {
    case .requested, .refused, .claimed, .suspended, .ended, .closed, .cancelled: false
    case .open, .inProgress:
      seated(in: fact.id).contains { $0.place.seat == .patient } && (mayBeAlone(fact) || guardianIsThere(fact))
    }
  }

  /// Majority by the calendar: the day, eighteen years later. A birthday of 29 February that does not exist is over
  /// with that February.
  static func status(of file: PatientFile, on day: CivilDate) -> PatientStatus {
    let majority = CivilDate(year: file.birthDate.year + 18, month: file.birthDate.month, day: file.birthDate.day)
    if day < majority { return .minor }
    return file.protection == .none ? .adult : .protectedAdult
  }

  /// Presence, counted anew.
  func presence(of practitioner: PersonID) -> Presence {
    let own = clients.filter { $0.isConnected && $0.isVerified && $0.person == practitioner }
    if own.allSatisfy(\.isLapsed) { return .offline }
    if own.contains(where: { $0.place?.seat == .practitioner }) { return .inConsultation }
    return declared.contains(practitioner) ? .available : .away
  }

  var availablePractitioners: Int {
    declared.count { presence(of: $0) == .available }
  }
}
