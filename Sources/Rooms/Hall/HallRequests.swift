extension Hall {
  /// What somebody asks for when they ask for a teleconsultation (CU-6.1, CU-8).
  public struct Wish: Equatable, Sendable {
    public let id: ConsultationID
    public let toAttending: Bool
    public let notes: HealthNotes
    public let payment: Consultation.PaymentMode

    public init(id: ConsultationID, toAttending: Bool, notes: HealthNotes, payment: Consultation.PaymentMode) {
      self.id = id
      self.toAttending = toAttending
      self.notes = notes
      self.payment = payment
    }
  }

  /// A patient, or who represents them, asks for a teleconsultation.
  public mutating func request(
    _ ticket: Ticket, key: MutationKey, from connection: ConnectionID, for file: PatientFile, _ wish: Wish,
    at moment: Moment
  ) -> [Effect] {
    // The file is newer than what was known of the visitor when they came.
    guard let visitor = visitors[connection], visitor.patients.contains(file.person),
      file.isRepresented(by: visitor.person)
    else { return [.refuse(ticket, .unknownPatient)] }
    var assignment = Consultation.Assignment.unassigned
    if wish.toAttending {
      guard let attending = file.attending, file.canBeTreated(by: attending) else {
        return [.refuse(ticket, .noAttendingPhysician)]
      }
      assignment = .attending(attending)
    }
    let consultation = Consultation(
      id: wish.id, patient: file.person, requester: visitor.person, assignment: assignment, payment: wish.payment,
      requestedAt: moment.now, under: settings.terms)
    filesOfRequests[ticket] = file
    return [
      .record(
        Proposal(origin: .request(ticket, by: visitor.person, key: key), change: .create(consultation, wish.notes)))
    ]
  }

  /// The patient's side names another physician (CU-6.2, CU-6.5).
  ///
  /// - Parameter isVerified: whether `physician` is a verified practitioner.
  public func assign(
    _ ticket: Ticket, key: MutationKey, from connection: ConnectionID, _ id: ConsultationID, to physician: PersonID,
    isVerified: Bool
  ) -> [Effect] {
    propose(ticket, key, from: connection, id, by: .patientSide) { by, _ throws(Refusal) in
      guard isVerified, barred[physician] == nil, entries[id]?.file.canBeTreated(by: physician) == true else {
        throw .unknownPhysician
      }
      return .assign(by: by, to: physician)
    }
  }

  /// The patient's side opens it to every practitioner (CU-6.2). A claim at the same time: the store says who was first.
  public func unassign(_ ticket: Ticket, key: MutationKey, from connection: ConnectionID, _ id: ConsultationID)
    -> [Effect]
  {
    propose(ticket, key, from: connection, id, by: .patientSide) { by, _ in .unassign(by: by) }
  }

  /// The assigned physician does not take it (CU-6.5).
  public func refuse(
    _ ticket: Ticket, key: MutationKey, from connection: ConnectionID, _ id: ConsultationID,
    grounds: Consultation.Grounds
  ) -> [Effect] {
    propose(ticket, key, from: connection, id, by: .candidate) { by, _ in .refuse(by: by, grounds) }
  }

  /// The practitioner gives their claim back.
  public func release(_ ticket: Ticket, key: MutationKey, from connection: ConnectionID, _ id: ConsultationID)
    -> [Effect]
  {
    propose(ticket, key, from: connection, id, by: .formerClaimant) { by, _ in .release(by: by) }
  }

  /// The patient's side has everything: it is closed.
  public func confirm(_ ticket: Ticket, key: MutationKey, from connection: ConnectionID, _ id: ConsultationID)
    -> [Effect]
  {
    propose(ticket, key, from: connection, id, by: .patientSide) { by, _ in .close(by: by, why: .confirmed) }
  }

  /// The practitioner closes it.
  public func close(_ ticket: Ticket, key: MutationKey, from connection: ConnectionID, _ id: ConsultationID)
    -> [Effect]
  {
    propose(ticket, key, from: connection, id, by: .formerClaimant) { by, _ in .close(by: by, why: .practitioner) }
  }

  /// The patient's side withdraws before the start.
  public func cancel(
    _ ticket: Ticket, key: MutationKey, from connection: ConnectionID, _ id: ConsultationID
  ) -> [Effect] {
    propose(ticket, key, from: connection, id, by: .patientSide) { by, _ in .cancel(by: by) }
  }

  /// A practitioner takes a request from the queue. Who was first is decided by the store (CU-6.1).
  public func claim(_ ticket: Ticket, key: MutationKey, from connection: ConnectionID, _ id: ConsultationID) -> [Effect]
  {
    propose(ticket, key, from: connection, id, by: .candidate) { by, _ in .claim(by: by) }
  }

  /// The practitioner opens the room. `file` is the patient's as their account has it now: majority and guardians are
  /// judged at this moment (CU-6.3).
  public mutating func open(
    _ ticket: Ticket, key: MutationKey, from connection: ConnectionID, _ id: ConsultationID, file: PatientFile,
    at moment: Moment
  ) -> [Effect] {
    follow(file, in: id)
      + propose(ticket, key, from: connection, id, by: .claimant) { by, _ in
        .open(by: by, status: file.status(on: moment.today))
      }
  }

  /// The practitioner starts, and attests whom they see (CU-6.3b).
  public func start(
    _ ticket: Ticket, key: MutationKey, from connection: ConnectionID, _ id: ConsultationID, attested: [PersonID]
  ) -> [Effect] {
    propose(ticket, key, from: connection, id, by: .claimant) { practitioner, consultation throws(Refusal) in
      // Of somebody else's consultation the store says that it is not theirs to start.
      if practitioner == consultation.state.claim?.practitioner ?? practitioner {
        try verify(attested, for: consultation)
      }
      return .start(by: practitioner, attested: attested)
    }
  }

  /// The practitioner ends it, for everybody and for good (CU-6.4).
  public func end(
    _ ticket: Ticket, key: MutationKey, from connection: ConnectionID, _ id: ConsultationID,
    reason: Consultation.EndReason
  ) -> [Effect] {
    propose(ticket, key, from: connection, id, by: .formerClaimant) { by, _ in .end(by: by, reason: reason) }
  }

  /// The persons rule must hold, and the attested must be there (CU-6.3b). That can only be judged of a room that is open,
  /// so a start that overtakes the record of the opening is refused; one that comes too late is for the store to refuse.
  private func verify(_ attested: [PersonID], for consultation: Consultation) throws(Refusal) {
    if consultation.state.opening == nil, !consultation.state.isOver { throw .wrongState(consultation.state.name) }
    guard let room = rooms[consultation.id], room.phase == .open else { return }
    let missing = room.missing
    guard missing.isEmpty else { throw .personsRule(missing: missing) }
    guard room.rule.accepts(attested: attested, present: room.isPresent) else { throw .attestationMismatch }
  }

  private enum Side {
    case patientSide
    /// Any verified practitioner who may see the request in their queue.
    case candidate
    /// The one who claimed it, while they are verified.
    case claimant
    /// The one who claimed it, whatever became of their registration: an end must always be possible (CU-6.4).
    case formerClaimant
  }

  /// Checks that the sender may know of the consultation and is on the right side of it; whether the command fits the
  /// state is for the store to say, so that a repeated key gets its answer whatever has happened since.
  private func propose(
    _ ticket: Ticket, _ key: MutationKey, from connection: ConnectionID, _ id: ConsultationID, by side: Side,
    _ command: (PersonID, Consultation) throws(Refusal) -> Consultation.Command
  ) -> [Effect] {
    do throws(Refusal) {
      // Says nothing of the consultation, so it comes before whether there is one.
      if side != .formerClaimant, side != .patientSide, visitors[connection]?.practitioner == .unverified {
        throw .notVerified
      }
      let (visitor, entry) = try entry(id, knownTo: connection, wasInQueue: side == .candidate)
      let isOwnFamily = visitor.patients.contains(entry.consultation.patient)
      let hasClaimed = entry.consultation.state.claim?.practitioner == visitor.person
      switch side {
      case .patientSide: guard isOwnFamily else { throw .forbidden }
      case .candidate:
        // Nobody treats themself, nor a patient they represent.
        guard visitor.isVerifiedPractitioner, hasClaimed || !isOwnFamily else { throw .forbidden }
      case .claimant, .formerClaimant:
        // Before the claim the store says that the state is wrong. Who came to represent the patient after their claim is
        // the claimant still.
        let isClaimed = entry.consultation.state.claim != nil
        guard visitor.practitioner != .none, hasClaimed || !(isClaimed || isOwnFamily) else { throw .forbidden }
      }
      let command = try command(visitor.person, entry.consultation)
      return [
        .record(
          Proposal(origin: .request(ticket, by: visitor.person, key: key), change: .transition(id, command)))
      ]
    } catch {
      return [.refuse(ticket, error)]
    }
  }
}
