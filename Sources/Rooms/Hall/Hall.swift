/// Everything that is going on in one process: who is connected, which requests wait, which rooms are open.
///
/// A pure value. Each event is one method; what must happen in consequence is returned as a list of effects. Durable facts
/// go out as `.record` and take effect in `recorded(_:_:at:)`, when the store has decided them and they are on disk.
public struct Hall: Sendable {
  /// What is known of one consultation.
  public struct Entry: Equatable, Sendable {
    public internal(set) var consultation: Consultation
    public internal(set) var file: PatientFile
    /// Health data; gone once the consultation is closed or cancelled (CU-5.2).
    public internal(set) var reason: String?
    /// Names and salts of the documents, by id: health data, too.
    public internal(set) var documents: [DocumentID: DocumentDetails] = [:]
  }

  /// Choices that the domain document leaves to the configuration.
  public struct Settings: Equatable, Sendable {
    /// Whether a protected adult under curatelle must be accompanied (CU-6.3).
    public var curatorRequired = true
    /// After a restart, how long the guardians of a consultation in progress have to come back before it is suspended.
    public var returnGraceMilliseconds: Int64 = 60_000
    /// How long a seat is kept for who was lost from it, so that media between browsers outlive the signalling (CU-5.1).
    public var holdMilliseconds: Int64 = 90_000
    /// How long a consultation that is closed or cancelled stays in the lists, and late messages for it get their own
    /// refusal.
    public var overVisibleMilliseconds: Int64 = 24 * 3_600_000
    public var terms = Consultation.Terms()

    public init() {}
  }

  public let settings: Settings
  public internal(set) var entries: [ConsultationID: Entry] = [:]
  public internal(set) var rooms: [ConsultationID: Room] = [:] {
    didSet { seating &+= 1 }
  }
  public internal(set) var queue = LiveQueue()
  var timetable = Timetable()
  /// Consultations of which the patient was told, since the start of the process, that they are closed soon.
  var toldOfClosing: Set<ConsultationID> = []
  /// The names of documents that are being handed over.
  var detailsOfDocuments: [Ticket: DocumentDetails] = [:]
  /// The patients of requests that are not decided yet.
  var filesOfRequests: [Ticket: PatientFile] = [:]
  var desks: [PersonID: Desk] = [:]
  var visitors: [ConnectionID: Visitor] = [:]
  /// In which room a connection has its seat; one at most.
  var roomOfConnection: [ConnectionID: ConsultationID] = [:] {
    didSet { seating &+= 1 }
  }
  /// Another number after each change of a room or a seat: as long as it is the same, so is what ``route(from:in:to:negotiation:)``
  /// says.
  public private(set) var seating: UInt64 = 0
  /// Connections of a patient's side, by patient.
  var watchers: [PersonID: Set<ConnectionID>] = [:]
  /// Those of anybody's patient side, who are told how many practitioners are available.
  var families: Set<ConnectionID> = []
  var consultationsOfPatient: [PersonID: Set<ConsultationID>] = [:]
  /// Those assigned to or claimed by a practitioner.
  var consultationsOfPractitioner: [PersonID: Set<ConsultationID>] = [:]
  /// Rooms for which the rule has proposed a transition that is not decided yet.
  var proposedByRule: Set<ConsultationID> = []
  /// Since when those are missing whose connections broke, by room.
  var lost: [ConsultationID: [PersonID: Instant]] = [:]
  var lastAvailable = 0
  /// Persons who may go on with nothing, and why.
  var barred: [PersonID: Set<AccountCause>] = [:]

  public init(settings: Settings = Settings()) {
    self.settings = settings
  }

  /// How many connections somebody signed in on.
  public var visitorCount: Int { visitors.count }

  // MARK: Coming and going

  /// Somebody signed in on a connection: they get everything they may know, whole.
  public mutating func connect(_ connection: ConnectionID, _ visitor: Visitor) -> [Effect] {
    visitors[connection] = visitor
    for patient in visitor.patients { watchers[patient, default: []].insert(connection) }
    if !visitor.patients.isEmpty { families.insert(connection) }
    guard visitor.isVerifiedPractitioner else { return lists(of: visitor, on: connection) }
    // The others hear that somebody is there; the newcomer, who is told with the lists, hears it once.
    let arrival = changePresence(of: visitor.person, except: connection) { $0.connections.insert(connection) }
    return lists(of: visitor, on: connection) + arrival
  }

  /// The connection is gone, and its seat with it.
  public mutating func disconnect(_ connection: ConnectionID) -> [Effect] {
    guard let visitor = visitors.removeValue(forKey: connection) else { return [] }
    families.remove(connection)
    for patient in visitor.patients {
      watchers[patient]?.remove(connection)
      if watchers[patient]?.isEmpty == true { watchers[patient] = nil }
    }
    var effects: [Effect] = []
    if visitor.isVerifiedPractitioner {
      effects += changePresence(of: visitor.person) {
        $0.connections.remove(connection)
        $0.lapsed.remove(connection)
        $0.seated.remove(connection)
      }
    }
    return effects + vacate(connection)
  }

  /// A practitioner declares whether they take requests.
  public mutating func declare(_ ticket: Ticket, from connection: ConnectionID, available: Bool) -> [Effect] {
    guard let visitor = visitors[connection], visitor.isVerifiedPractitioner else {
      let isPractitioner = visitors[connection]?.practitioner == .unverified
      return [.refuse(ticket, isPractitioner ? .notVerified : .forbidden)]
    }
    return [.accept(ticket)] + changePresence(of: visitor.person) { $0.declaredAvailable = available }
  }

  /// How many practitioners are available, for all who may ask for one.
  public var availability: Effect { .availability(lastAvailable, to: families.sorted()) }

  public func presence(of practitioner: PersonID) -> Presence {
    desks[practitioner]?.presence ?? .offline
  }

  /// Changes a desk and tells those whom it concerns if the presence is another one then.
  ///
  /// - Parameter except: a connection of theirs that is told otherwise.
  mutating func changePresence(
    of practitioner: PersonID, except: ConnectionID? = nil, _ change: (inout Desk) -> Void
  ) -> [Effect] {
    var desk = desks[practitioner] ?? Desk()
    let before = desk.presence
    change(&desk)
    let after = desk.presence
    // A desk that is left empty is forgotten, the declaration with it: who comes back says anew that they are available.
    desks[practitioner] = desk.connections.isEmpty ? nil : desk
    guard before != after else { return [] }

    var effects: [Effect] = []
    let own = desk.connections.filter { $0 != except }.sorted()
    if !own.isEmpty { effects.append(.presence(after, to: own)) }
    let available = lastAvailable + (after == .available ? 1 : 0) - (before == .available ? 1 : 0)
    if available != lastAvailable {
      lastAvailable = available
      effects.append(availability)
    }
    for id in consultationsOfPractitioner[practitioner, default: []].sorted() {
      guard let entry = entries[id], !entry.consultation.state.isOver else { continue }
      let family = watchers[entry.consultation.patient, default: []].sorted()
      if !family.isEmpty { effects.append(.consultationChanged(id, to: family)) }
    }
    return effects
  }

  // MARK: Who may know what

  /// The consultations that somebody is a party to, oldest first.
  func consultations(of visitor: Visitor) -> [ConsultationID] {
    var ids = visitor.patients.reduce(into: Set<ConsultationID>()) { ids, patient in
      ids.formUnion(consultationsOfPatient[patient, default: []])
    }
    if visitor.isVerifiedPractitioner {
      for id in consultationsOfPractitioner[visitor.person, default: []]
      where entries[id]?.consultation.state.claim?.practitioner == visitor.person {
        ids.insert(id)
      }
    }
    return ids.sorted { left, right in
      guard let left = entries[left]?.consultation, let right = entries[right]?.consultation else {
        return left < right
      }
      return (left.requestedAt, left.id) < (right.requestedAt, right.id)
    }
  }

  /// The entry, if this connection may know that it exists (CU-6.1b); otherwise it is as if there were none.
  ///
  /// - Parameter wasInQueue: whether it is enough that the practitioner could have seen it in their queue, as it is for who
  ///   was too slow to claim it.
  func entry(
    _ id: ConsultationID, knownTo connection: ConnectionID, wasInQueue: Bool = false
  ) throws(Refusal) -> (Visitor, Entry) {
    guard let visitor = visitors[connection], let entry = entries[id] else { throw .unknownConsultation }
    let consultation = entry.consultation
    if visitor.patients.contains(consultation.patient) { return (visitor, entry) }
    if consultation.state.claim?.practitioner == visitor.person { return (visitor, entry) }
    if visitor.isVerifiedPractitioner, wasInQueue || consultation.state == .requested,
      LiveQueue.isVisible(consultation.assignment, to: visitor.person)
    {
      return (visitor, entry)
    }
    throw .unknownConsultation
  }

  /// The connections of everybody who is a party to it.
  func parties(of consultation: Consultation) -> [ConnectionID] {
    var connections = watchers[consultation.patient, default: []]
    if let claim = consultation.state.claim {
      connections.formUnion(desks[claim.practitioner]?.connections ?? [])
    }
    return connections.sorted()
  }

  /// The connections of every practitioner who sees it in their queue.
  func onlookers(of consultation: Consultation) -> [ConnectionID] {
    switch consultation.assignment {
    case .attending(let practitioner): (desks[practitioner]?.connections ?? []).sorted()
    case .unassigned: desks.values.flatMap(\.connections).sorted()
    }
  }
}
