/// What comes over HTTP: documents from the practitioner to the patient's side.
extension Hall {
  /// On which side of a consultation somebody is.
  public enum Party: Hashable, Sendable {
    /// The patient, or who represents them today.
    case patientSide
    /// The one who claimed it.
    case practitioner
  }

  /// On which side `person` is; nil for somebody who may not know that there is such a consultation.
  public func party(_ person: PersonID, to id: ConsultationID, on day: CivilDate) -> Party? {
    guard let entry = entries[id] else { return nil }
    if entry.consultation.state.claim?.practitioner == person { return .practitioner }
    let file = entry.file
    let represents = file.guardians(for: file.status(on: day)).contains { $0.person == person }
    return person == file.person || represents ? .patientSide : nil
  }

  /// The practitioner hands over a document, whose content is durable already.
  ///
  /// - Parameter isVerified: whether they are a verified practitioner still.
  public mutating func handOver(
    _ ticket: Ticket, by practitioner: PersonID, isVerified: Bool, _ id: ConsultationID, _ document: Document,
    _ details: DocumentDetails, at moment: Moment
  ) -> [Effect] {
    guard party(practitioner, to: id, on: moment.today) == .practitioner else {
      return [.refuse(ticket, .unknownConsultation)]
    }
    guard isVerified, barred[practitioner] == nil else { return [.refuse(ticket, .notVerified)] }
    detailsOfDocuments[ticket] = details
    // One document is handed over once, however often that is asked for.
    let key = MutationKey(high: document.id.high, low: document.id.low)
    return propose(ticket, by: practitioner, key, id, .handOver(by: practitioner, document))
  }

  /// Somebody of the patient's side has the document whole.
  public func fetched(
    _ ticket: Ticket, by person: PersonID, _ id: ConsultationID, _ document: DocumentID, key: MutationKey,
    at moment: Moment
  ) -> [Effect] {
    switch party(person, to: id, on: moment.today) {
    case nil: [.refuse(ticket, .unknownConsultation)]
    case .practitioner: [.refuse(ticket, .forbidden)]
    case .patientSide: propose(ticket, by: person, key, id, .fetch(by: person, document))
    }
  }

  /// The practitioner takes back a document that nobody has fetched.
  public func withdraw(
    _ ticket: Ticket, by practitioner: PersonID, _ id: ConsultationID, _ document: DocumentID, key: MutationKey,
    at moment: Moment
  ) -> [Effect] {
    switch party(practitioner, to: id, on: moment.today) {
    case nil: [.refuse(ticket, .unknownConsultation)]
    case .patientSide: [.refuse(ticket, .forbidden)]
    case .practitioner: propose(ticket, by: practitioner, key, id, .withdraw(by: practitioner, document))
    }
  }

  private func propose(
    _ ticket: Ticket, by person: PersonID, _ key: MutationKey, _ id: ConsultationID, _ command: Consultation.Command
  ) -> [Effect] {
    [.record(Proposal(origin: .request(ticket, by: person, key: key), change: .transition(id, command)))]
  }
}
