import CoreMetrics
import Rooms
public import Telemetry
public import Transport

/// What the broker counts and measures. Made once by the composition root, and handed to whoever counts: no lookup, no
/// allocation on the way of a message.
///
/// Labels have few values, all known beforehand, and none says who or what it is about.
public struct BrokerMetrics: Sendable {
  // MARK: Connections

  /// Open WebSockets and other connections, when they are read.
  let webSockets: Meter
  let httpConnections: Meter
  /// WebSocket handshakes, by what became of them.
  public let handshakes: CounterTable<HandshakeResult>
  /// WebSockets that were closed, by the close code of the side that began; `none` for those that broke.
  let closes: CounterTable<String>
  /// Sessions taken up again, or not.
  public let resumes: CounterTable<ResumeResult>
  /// Times that a limit was hit.
  public let limitHits: CounterTable<Limit>

  // MARK: What is live, when it is read

  let sessions: Meter
  let seats: [SeatRole: Meter]
  let rooms: [Room.Phase: Meter]
  let queueLength: Meter
  let queueOldest: Meter
  let outboxBytes: Meter
  let mailWaiting: Meter

  // MARK: Requests

  /// Requests on sockets, by type. Signals are counted in `relayed`.
  let requests: CounterTable<MessageType>
  let claims: CounterTable<ClaimOutcome>
  /// Of sockets and HTTP, by code.
  let refusals: CounterTable<String>
  let httpResponses: CounterTable<StatusClass>
  /// From a request on a socket that needs a decision to its answer.
  let requestTime: CoreMetrics.Timer

  // MARK: The relay

  let relayed: RelayedMessages
  let relayedBytes: Counter

  // MARK: The record and the loop

  let journalCommitTime: CoreMetrics.Timer
  let journalBatch: Recorder
  let journalWaiting: Meter
  let loopTurnTime: CoreMetrics.Timer

  /// What became of a WebSocket handshake.
  public enum HandshakeResult: String, CaseIterable, Sendable {
    case accepted
    /// It was no good handshake.
    case malformed
    case originNotAllowed = "origin_not_allowed"
    case notFound = "not_found"
    /// The broker is going down, or has no room.
    case unavailable
  }

  /// What became of a session that was to be taken up again.
  public enum ResumeResult: String, CaseIterable, Sendable {
    /// With every event that was missed.
    case replayed
    /// With snapshots, as the buffer does not reach back.
    case snapshot
    /// The session is not known (any more), or the secret is wrong or was used before.
    case refused
  }

  /// What became of a claim.
  enum ClaimOutcome: String, CaseIterable, Sendable {
    case won
    /// Somebody else was faster.
    case lost
    /// Refused for another reason.
    case refused
    /// The record could not be written.
    case unavailable

    /// - Parameter fault: nil if it was accepted.
    init(_ fault: Fault?) {
      self =
        switch fault {
        case nil: .won
        case .refused(.alreadyClaimed): .lost
        case .refused(.unavailable), .busy: .unavailable
        default: .refused
        }
    }
  }

  /// Of an HTTP response.
  enum StatusClass: String, CaseIterable, Sendable {
    case success = "2xx"
    case redirection = "3xx"
    case clientError = "4xx"
    case serverError = "5xx"

    init(_ status: Int) {
      switch status {
      case ..<300: self = .success
      case 300..<400: self = .redirection
      case 400..<500: self = .clientError
      default: self = .serverError
      }
    }
  }

  /// The limits that keep one client from taking what is everybody's, as the label `limit` has them.
  public enum Limit: String, CaseIterable, Sendable {
    /// Messages of a connection for each second: refused with `too_fast`.
    case messageRate = "message_rate"
    /// Messages and bytes of an account, and of an address, for each second: refused with `too_fast`.
    case accountRate = "account_rate"
    case addressRate = "address_rate"
    /// HTTP requests of an address for each second: 429.
    case requestRate = "request_rate"
    /// Sockets of an account: closed with 4105.
    case accountSockets = "account_sockets"
    /// Sockets from an address: 429.
    case addressSockets = "address_sockets"
    /// Connections of all kinds from an address, and those on which no request is complete yet: closed at once.
    case addressConnections = "address_connections"
    case halfOpen = "half_open"
    /// A message whose pieces drip: closed with 4106.
    case slowWriter = "slow_writer"
    /// Bytes that wait for all clients together: the longest queue is closed with 4101.
    case memory
    /// A connection that goes on nonetheless: closed with 4103.
    case messageFlood = "message_flood"
    /// A message that is too long: closed with 1009.
    case messageBytes = "message_bytes"
    /// A client that does not read: closed with 4101.
    case outbox
    /// No `hello` in time: closed with 4102.
    case helloTime = "hello_time"
    /// Requests of a connection that wait for an earlier one.
    case requestsWaiting = "requests_waiting"
    /// Attempts to sign in.
    case signInAttempts = "sign_in_attempts"
    /// Connections of all kinds: closed at once.
    case connections
  }

  public init(_ registry: MetricsRegistry) {
    let connections = "Connections that are open."
    webSockets = registry.gauge("mqm_connections", connections, labels: [("kind", "websocket")])
    httpConnections = registry.gauge("mqm_connections", connections, labels: [("kind", "http")])
    handshakes = registry.counters(
      "mqm_handshakes_total", "WebSocket handshakes, by what became of them.", by: "result")
    closes = registry.counters(
      "mqm_closes_total",
      "WebSockets that ended, by the close code of the side that began; none if the connection broke.",
      by: "code", of: Self.closeCodes)
    resumes = registry.counters(
      "mqm_resumes_total", "Sessions that were to be taken up again, by result.", by: "result")
    limitHits = registry.counters("mqm_limit_hits_total", "How often a client hit a limit.", by: "limit")

    sessions = registry.gauge("mqm_sessions", "Connections that are signed in.")
    seats = Self.gauges(
      SeatRole.allCases.map { ($0, $0.rawValue) }, registry, "mqm_seats", "Seats of rooms that are taken.", by: "role")
    rooms = Self.gauges(
      [(.open, "open"), (.inProgress, "in_progress"), (.suspended, "suspended")], registry, "mqm_rooms",
      "Rooms, by how far the consultation has come.", by: "state")
    queueLength = registry.gauge("mqm_queue_length", "Requests that wait for a practitioner.")
    queueOldest = registry.gauge(
      "mqm_queue_oldest_seconds", "How long the oldest of them has been waiting; 0 if none is.")
    outboxBytes = registry.gauge("mqm_outbox_bytes", "Bytes that wait for clients to read them.")
    mailWaiting = registry.gauge("mqm_mail_waiting", "E-mails that wait to be sent.")

    requests = registry.counters(
      "mqm_requests_total", "Requests on WebSockets, by type of message.", by: "type",
      of: MessageType.allCases.filter { $0 != .signal })
    claims = registry.counters(
      "mqm_claims_total", "Claims of requests by practitioners, by what became of them.", by: "outcome")
    refusals = registry.counters(
      "mqm_refusals_total", "Messages and HTTP requests that were refused, by error code.", by: "code",
      of: Self.refusalCodes)
    httpResponses = registry.counters(
      "mqm_http_responses_total", "Responses under /v1 over HTTP, by class of status.", by: "status")
    requestTime = registry.timer(
      "mqm_request_seconds", "From a request on a WebSocket that takes a decision to its answer.",
      microseconds: Self.waits)

    relayed = RelayedMessages(registry)
    relayedBytes = registry.counter("mqm_relayed_bytes_total", "Bytes of the data of relayed messages.")

    journalCommitTime = registry.timer(
      "mqm_journal_commit_seconds", "How long a transaction of the record takes, with its flush to the disk.",
      microseconds: Self.waits)
    journalBatch = registry.distribution(
      "mqm_journal_batch_size", "Decisions in one transaction of the record.",
      bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024])
    journalWaiting = registry.gauge("mqm_journal_waiting", "Decisions that wait for the record.")
    loopTurnTime = registry.timer(
      "mqm_loop_turn_seconds", "How long the event loop works between two waits.",
      microseconds: [
        10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000,
      ])
  }

  // MARK: What happens

  /// A client hit a limit.
  public func noteHit(_ limit: Limit) { limitHits.count(limit) }

  /// A session was to be taken up again.
  func noteResume(_ result: ResumeResult) { resumes.count(result) }

  /// A request came over a socket.
  func noteRequest(_ type: MessageType) { requests.count(type) }

  /// The hot path: two additions.
  ///
  /// - Parameter bytes: of the data.
  func noteRelay(of kind: Signal.Kind, bytes: Int) {
    relayed[kind].increment()
    relayedBytes.increment(by: bytes)
  }

  /// The event loop worked for so long.
  func noteTurn(nanoseconds: UInt64) { loopTurnTime.recordNanoseconds(Int64(clamping: nanoseconds)) }

  /// An answer over HTTP.
  func noteResponse(status: Int) { httpResponses.count(StatusClass(status)) }

  /// Counts what the transport does by itself. On any thread.
  public func note(_ event: ServerEvent) {
    switch event {
    case .handshakeAccepted: handshakes.count(.accepted)
    case .handshakeRefused(status: 403): handshakes.count(.originNotAllowed)
    case .handshakeRefused(status: 404): handshakes.count(.notFound)
    case .handshakeRefused(status: 503): handshakes.count(.unavailable)
    case .handshakeRefused: handshakes.count(.malformed)
    case .hit(.connections): limitHits.count(.connections)
    case .hit(.connectionsPerAddress): limitHits.count(.addressConnections)
    case .hit(.halfOpen): limitHits.count(.halfOpen)
    case .hit(.messageBytes): limitHits.count(.messageBytes)
    case .hit(.slowReader): limitHits.count(.outbox)
    case .hit(.slowWriter): limitHits.count(.slowWriter)
    }
  }

  func noteRefusal(code: String) {
    refusals.count(code)
    switch code {
    case "too_many_attempts": limitHits.count(.signInAttempts)
    default: break
    }
  }

  func noteClosing(_ reason: CloseReason) {
    switch reason {
    case .helloTimeout: limitHits.count(.helloTime)
    case .tooFast: limitHits.count(.messageFlood)
    default: break
    }
  }

  func noteCommit(of count: Int, taking duration: Duration) {
    journalCommitTime.recordNanoseconds(duration.wholeNanoseconds)
    journalBatch.record(count)
  }

  /// From a tenth of a millisecond to ten seconds.
  private static let waits: [Int64] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    10_000_000,
  ]

  private static func gauges<Key: Hashable>(
    _ keys: [(Key, String)], _ registry: MetricsRegistry, _ name: String, _ help: String, by label: String
  ) -> [Key: Meter] {
    Dictionary(uniqueKeysWithValues: keys.map { ($0, registry.gauge(name, help, labels: [(label, $1)])) })
  }

  /// Those of docs/protocol.md, section 9, and the usual ones of RFC 6455.
  static let closeCodes =
    ["none", "1000", "1001", "1002", "1003", "1007", "1009", "1011"]
    + ["4000", "4001", "4100", "4101", "4102", "4103", "4104", "4105", "4106", "4200", "4201", "4202", "4204", "4205"]

  /// Those of docs/protocol.md, section 8.
  static let refusalCodes = [
    "malformed", "unknown_type", "missing_field", "invalid_field", "too_fast", "too_many_connections",
    "too_many_answers", "hello_required",
    "already_greeted",
    "not_signed_in", "wrong_credentials", "account_suspended", "too_many_attempts", "consent_required",
    "second_factor_required", "wrong_code", "unavailable", "maintenance", "forbidden", "not_verified",
    "unknown_consultation", "unknown_patient", "no_attending_physician", "too_many_requests", "already_claimed",
    "wrong_state", "consultation_ended", "consultation_cancelled", "consultation_closed", "not_overdue",
    "unknown_physician", "documents_unfetched", "too_many_documents", "too_many_incidents", "too_many_changes",
    "unknown_document", "already_fetched", "not_admitted", "seat_taken", "not_seated", "peer_absent", "persons_rule",
    "stale_negotiation", "attestation_mismatch", "key_reused",
    // Over HTTP only.
    "not_found", "method_not_allowed", "unsupported_media_type", "origin_not_allowed", "wrong_offset",
    "content_mismatch", "range_not_satisfiable", "too_large",
  ]
}

/// Counters of relayed messages, by kind: the hot path, so each is a member.
struct RelayedMessages: Sendable {
  private let offers: Counter
  private let answers: Counter
  private let candidates: Counter
  private let endsOfCandidates: Counter
  private let byes: Counter

  init(_ registry: MetricsRegistry) {
    let counter = { (kind: Signal.Kind) in
      registry.counter(
        "mqm_relayed_messages_total", "Messages handed from one client to another, by kind.",
        labels: [("kind", kind.rawValue)])
    }
    offers = counter(.offer)
    answers = counter(.answer)
    candidates = counter(.candidate)
    endsOfCandidates = counter(.endOfCandidates)
    byes = counter(.bye)
  }

  subscript(kind: Signal.Kind) -> Counter {
    switch kind {
    case .offer: offers
    case .answer: answers
    case .candidate: candidates
    case .endOfCandidates: endsOfCandidates
    case .bye: byes
    }
  }
}
