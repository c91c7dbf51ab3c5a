import Rooms

/// The types of message that a client may send.
enum MessageType: String, CaseIterable {
  case hello
  case ping
  case presenceSet = "presence.set"
  case requestCreate = "request.create"
  case requestCancel = "request.cancel"
  case requestClaim = "request.claim"
  case requestRefuse = "request.refuse"
  case requestAssign = "request.assign"
  case requestUnassign = "request.unassign"
  case requestRelease = "request.release"
  case roomOpen = "room.open"
  case roomJoin = "room.join"
  case iceRefresh = "ice.refresh"
  case roomLeave = "room.leave"
  case roomAccompany = "room.accompany"
  case roomUnaccompany = "room.unaccompany"
  case consultationStart = "consultation.start"
  case consultationEnd = "consultation.end"
  case consultationConfirm = "consultation.confirm"
  case consultationClose = "consultation.close"
  case incidentReport = "incident.report"
  case signal
}

/// What a client asks for, decoded and checked member by member. Signals have a type of their own: see `Signal`.
enum ClientRequest: Equatable {
  case hello(token: String?, client: String?, resume: Resumption?)
  case ping
  case setPresence(available: Bool)
  case create(MutationKey, Creation)
  case cancel(MutationKey, ConsultationID)
  case claim(MutationKey, ConsultationID)
  case refuse(MutationKey, ConsultationID, Consultation.Grounds)
  case assign(MutationKey, ConsultationID, to: PersonID)
  case unassign(MutationKey, ConsultationID)
  case release(MutationKey, ConsultationID)
  case open(MutationKey, ConsultationID)
  case join(ConsultationID, as: SeatRole, takeOver: Bool, connected: Room.Connected)
  case refreshICE(ConsultationID)
  case leave(ConsultationID)
  case accompany(ConsultationID, Companion)
  case unaccompany(ConsultationID)
  case start(MutationKey, ConsultationID, attested: [PersonID])
  case end(MutationKey, ConsultationID, Consultation.EndReason)
  case confirm(MutationKey, ConsultationID)
  case close(MutationKey, ConsultationID)
  case report(ConsultationID, Incident.Kind)

  /// A session that a client would go on with.
  struct Resumption: Equatable {
    let session: Identifier<ClientRequest>
    let secret: String
    /// The number of the last event that the client has.
    let sequence: Int
  }

  struct Creation: Equatable {
    let patient: PersonID
    let toAttending: Bool
    let reason: String
    let payment: Consultation.PaymentMode
  }

  /// How the guardian beside the patient says who they are.
  enum Companion: Equatable {
    case credentials(email: String, password: String, code: String?)
    case token(String)
  }

  /// What somebody in a consultation in progress may still do before they agree to a new text (CU-3).
  var isPossibleWithoutConsent: Bool {
    switch self {
    case .ping, .refreshICE, .leave, .unaccompany, .end, .report: true
    default: false
    }
  }

  /// Bounds of what people type, in Unicode scalars.
  enum Limit {
    static let reason = 1_000
    static let email = 254
    static let password = 256
    static let token = 128
    static let code = 20
    static let client = 64
    /// Patient and two guardians; a little room for a client's mistake to be answered properly.
    static let attested = 8
  }

  private enum Assignment: String, CaseIterable { case attending, unassigned }
  /// Those that a physician may give (CU-6.5).
  private enum DeclaredGrounds: String, CaseIterable { case professional, personal }
  /// Those incidents that a client knows of.
  private enum ReportedKind: String, CaseIterable {
    case iceFailed = "ice_failed"
    case iceRestarted = "ice_restarted"
    case relayUsed = "relay_used"
    case deviceCheck = "device_check"
  }
  private enum DeclaredPresence: String, CaseIterable { case available, away }

  init(_ type: MessageType, _ message: JSONObject) throws(JSONObject.Invalid) {
    let body = try message.objectIfPresent("body")
    switch type {
    case .hello:
      self = .hello(
        token: try body.stringIfPresent("token", limit: Limit.token),
        client: try body.stringIfPresent("client", limit: Limit.client),
        resume: try Self.resumption(in: body))
    case .ping: self = .ping
    case .presenceSet:
      self = .setPresence(available: try body.choice("presence", of: DeclaredPresence.self) == .available)
    case .requestCreate:
      self = .create(
        try message.id("key"),
        Creation(
          patient: try body.id("patient"),
          toAttending: try body.choice("assignment", of: Assignment.self) == .attending,
          reason: try body.string("reason", limit: Limit.reason),
          payment: try body.choice("payment")))
    case .requestCancel: self = .cancel(try message.id("key"), try body.id("consultation"))
    case .requestClaim: self = .claim(try message.id("key"), try body.id("consultation"))
    case .requestRefuse:
      let grounds: Consultation.Grounds =
        try body.choice("grounds", of: DeclaredGrounds.self) == .professional ? .professional : .personal
      self = .refuse(try message.id("key"), try body.id("consultation"), grounds)
    case .requestAssign:
      self = .assign(try message.id("key"), try body.id("consultation"), to: try body.id("physician"))
    case .requestUnassign: self = .unassign(try message.id("key"), try body.id("consultation"))
    case .requestRelease: self = .release(try message.id("key"), try body.id("consultation"))
    case .roomOpen: self = .open(try message.id("key"), try body.id("consultation"))
    case .roomJoin:
      self = .join(
        try body.id("room"), as: try body.choice("as"), takeOver: try body.flag("take_over"),
        connected: try Self.connected(in: try body.objectIfPresent("connected")))
    case .iceRefresh: self = .refreshICE(try body.id("room"))
    case .roomLeave: self = .leave(try body.id("room"))
    case .roomAccompany:
      let room: ConsultationID = try body.id("room")
      if let token = try body.stringIfPresent("token", limit: Limit.token) {
        self = .accompany(room, .token(token))
      } else {
        self = .accompany(
          room,
          .credentials(
            email: try body.string("email", limit: Limit.email),
            password: try body.string("password", limit: Limit.password),
            code: try body.stringIfPresent("code", limit: Limit.code)))
      }
    case .roomUnaccompany: self = .unaccompany(try body.id("room"))
    case .consultationStart:
      self = .start(
        try message.id("key"), try body.id("consultation"), attested: try body.ids("persons", limit: Limit.attested))
    case .consultationEnd:
      self = .end(try message.id("key"), try body.id("consultation"), try body.choice("reason"))
    case .consultationConfirm: self = .confirm(try message.id("key"), try body.id("consultation"))
    case .consultationClose: self = .close(try message.id("key"), try body.id("consultation"))
    case .incidentReport: self = .report(try body.id("consultation"), try Self.incident(in: body))
    case .signal: preconditionFailure("signals are decoded by Signal")
    }
  }

  private static func resumption(in hello: JSONObject) throws(JSONObject.Invalid) -> Resumption? {
    guard hello.has("resume") else { return nil }
    let resume = try hello.object("resume")
    return Resumption(
      session: try resume.id("session"), secret: try resume.string("secret", limit: Limit.token),
      sequence: try resume.integer("seq"))
  }

  private static func connected(in body: JSONObject) throws(JSONObject.Invalid) -> Room.Connected {
    var connected: Room.Connected = [:]
    if body.has("practitioner") { connected[.practitioner] = try body.integer("practitioner") }
    if body.has("patient") { connected[.patient] = try body.integer("patient") }
    if body.has("guardian1") { connected[.guardian1] = try body.integer("guardian1") }
    if body.has("guardian2") { connected[.guardian2] = try body.integer("guardian2") }
    return connected
  }

  private static func incident(in body: JSONObject) throws(JSONObject.Invalid) -> Incident.Kind {
    switch try body.choice("kind", of: ReportedKind.self) {
    case .iceFailed: return .iceFailed
    case .iceRestarted: return .iceRestarted
    case .relayUsed:
      let detail = try body.object("detail")
      guard detail.has("relay") else { throw .missing("relay") }
      return .relayUsed(try detail.flag("relay"))
    case .deviceCheck:
      let detail = try body.object("detail")
      return .deviceCheck(
        Incident.DeviceCheck(
          camera: try detail.choice("camera"), microphone: try detail.choice("microphone"),
          speaker: try detail.choice("speaker"), connection: try detail.choice("connection"),
          browser: try detail.choice("browser")))
    }
  }
}
