extension Hall {
  /// What somebody asks for when they ask for a teleconsultation (CU-6.1, CU-8).
  public struct Wish: Equatable, Sendable {
    public let id: ConsultationID
    public let toAttending: Bool
    public let reason: String
    public let payment: Consultation.PaymentMode

    public init(id: ConsultationID, toAttending: Bool, reason: String, payment: Consultation.PaymentMode) {
      self.id = id
      self.toAttending = toAttending
      self.reason = reason
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
      // Nobody treats themself, nor a patient they represent: such a request could never be claimed.
      guard let attending = file.attending, attending != file.person,
        !file.guardians.contains(where: { $0.person == attending })
      else { return [.refuse(ticket, .noAttendingPhysician)] }
      assignment = .attending(attending)
    }
    let consultation = Consultation(
      id: wish.id, patient: file.person, requester: visitor.person, assignment: assignment, payment: wish.payment,
      requestedAt: moment.now)
    filesOfRequests[ticket] = file
    return [
      .record(
        Proposal(
          origin: .request(ticket, by: visitor.person, key: key), change: .create(consultation, reason: wish.reason)))
    ]
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
