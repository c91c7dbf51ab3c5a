/// A request that is under way: whom to answer, by a number that the broker gives out.
public struct Ticket: Hashable, Sendable {
  public let number: UInt64

  public init(_ number: UInt64) {
    self.number = number
  }
}

/// What the shell has to do after an event, in this order. Lists are told by the ids of what changed; the shell looks the
/// rest up in the hall when it encodes them, before it gives the hall the next event.
public enum Effect: Equatable, Sendable {
  /// Make this durable, then come back with `Hall.recorded(_:_:at:)`.
  case record(Proposal)
  /// Come back with `Hall.reminded(_:)` after that time.
  case remind(ConsultationID, afterMilliseconds: Int64)
  /// Come back with `Hall.comebackIsOver(_:)` after that time.
  case awaitComeback(ConsultationID, forMilliseconds: Int64)
  /// Come back with `Hall.returnIsOverdue(_:hold:)` after that time.
  case awaitReturn(ConsultationID, hold: Int, forMilliseconds: Int64)

  case accept(Ticket)
  case acceptConsultation(Ticket, ConsultationID)
  case acceptSeat(Ticket, ConnectionID, ConsultationID, Seat)
  case refuse(Ticket, Refusal)

  /// The whole list of the person's consultations.
  case consultations(ConnectionID, [ConsultationID])
  case consultationChanged(ConsultationID, to: [ConnectionID])
  /// It is no longer theirs.
  case consultationLost(ConsultationID, to: [ConnectionID])
  /// The whole queue as this practitioner may see it.
  case queue(ConnectionID, [ConsultationID])
  case queueGained(ConsultationID, to: [ConnectionID])
  case queueLost(ConsultationID, LiveQueue.Departure, to: [ConnectionID])
  /// How many practitioners are available.
  case availability(Int, to: [ConnectionID])
  case presence(Presence, to: [ConnectionID])
  case room(ConsultationID, to: [ConnectionID])
  case roomClosed(ConsultationID, RoomClosure, to: [ConnectionID])
  /// The patient's side is to hear of it, wherever they are.
  case tell(Notice, ConsultationID)
}

/// What a patient's side is written about.
public enum Notice: String, Hashable, Sendable, CaseIterable {
  /// A clock ran out: they may change practitioner (CU-6.2).
  case overdue
  /// The assigned physician does not take it (CU-6.5).
  case refused
  case documentHandedOver = "document_handed_over"
  /// It is closed a day later, and what was not fetched is lost.
  case closesTomorrow = "closes_tomorrow"
}

/// Why a room is closed to somebody.
public enum RoomClosure: Equatable, Sendable {
  case ended(Consultation.EndReason)
  case cancelled
  /// The practitioner gave their claim back.
  case released
  /// The patient's side went to another practitioner.
  case reassigned
  case takenOver
  /// Nothing was heard of them for too long. Their seat is kept for a while.
  case connectionLost
  /// The rule has no place for them any more.
  case notAdmitted
}

/// What is to be made durable.
public struct Proposal: Equatable, Sendable {
  public let origin: Origin
  public let change: Change

  public init(origin: Origin, change: Change) {
    self.origin = origin
    self.change = change
  }

  public enum Origin: Hashable, Sendable {
    /// Somebody's request; the key makes it happen once, however often it is sent.
    case request(Ticket, by: PersonID, key: MutationKey)
    /// Somebody tells what happened on their side.
    case report(Ticket, by: PersonID)
    /// The persons rule of a room.
    case rule
    /// What could be seen in a room.
    case room
    /// Somebody whose consultation it is may not go on with it.
    case account(AccountCause)
    /// A deadline, or the system's clock itself.
    case clock
  }

  public enum Change: Equatable, Sendable {
    case create(Consultation, HealthNotes)
    case transition(ConsultationID, Consultation.Command)
    /// The system's clock was set forward by so many milliseconds, or back: deadlines move along, so that each still comes
    /// after the time that was promised (CU-6.2), and the record says why its times jump.
    case clockStepped(byMilliseconds: Int64)
    case incident(ConsultationID, Incident)
  }

  /// Nil for what concerns all of them.
  public var consultation: ConsultationID? {
    switch change {
    case .create(let consultation, _): consultation.id
    case .transition(let id, _), .incident(let id, _): id
    case .clockStepped: nil
    }
  }
}

/// What became of the account of somebody who is a party; the raw value stands in the journal.
public enum AccountCause: String, Hashable, Sendable, CaseIterable {
  /// An operator closed it (CU-12.2).
  case closed = "account_closed"
  /// The person erased it, or it was unused for too long (CU-12.1, CU-4.4).
  case erased = "account_erased"
  /// An operator suspended or refused the practitioner's registration (CU-6.7).
  case notVerified = "practitioner_not_verified"
}

/// Chosen by the client for each mutation.
public typealias MutationKey = Identifier<Proposal>

/// What the record made of a proposal.
public enum Outcome: Equatable, Sendable {
  /// It is on disk; this is the consultation as it stands now.
  case recorded(Consultation)
  /// The same key was recorded before, for this consultation: nothing happened now.
  case repeated(ConsultationID)
  /// It is on disk, and changed no consultation's state.
  case noted
  case refused(Refusal)
}
