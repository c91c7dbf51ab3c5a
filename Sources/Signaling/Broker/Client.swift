import Accounts
import Foundation
import Rooms
import Transport

/// One client's session as the broker sees it: a connection, and after that broke the one that goes on with it. Belongs to the
/// event loop.
final class Client {
  let id: ConnectionID
  /// Chosen when they are greeted; what a client names to go on with its session.
  let session = UUID()
  /// The connection that there is, or was last.
  private(set) var socket: WebSocket
  private(set) var address: RemoteAddress
  /// The session cookie of the handshake; nil unless an allowed `Origin` vouched for it.
  let cookie: String?
  var stage: Stage
  /// What may still be sent: on this connection, from its address, and by the account once it is known.
  private let allowance: Allowance
  private(set) var allowanceOfAddress: Allowance?
  var allowanceOfAccount: Allowance?
  /// Messages refused as too fast, less those that were not.
  var excess = 0
  /// Who identified themselves beside the patient here, and by virtue of which session.
  var companion: Identity?
  /// Whether a request is waiting for the accounts; those that come meanwhile wait in line, so that none overtakes another.
  var isOccupied = false
  var line: [(request: ClientRequest, re: Int)] = []
  /// Who is being identified beside the patient just now: nil again if their session ends meanwhile.
  var candidate: Identity?
  /// Whether the connection is closed as soon as its seat is given up, as what the account may do has changed.
  var mustRefresh = false
  /// Whether a text was published that must be agreed to as soon as the consultation in progress is over (CU-3).
  var mustConsent = false
  /// Where its last signal went.
  var route: KnownRoute?
  /// How the session outlives its connections.
  var continuity: Continuity<ResumeSecret>
  /// While there is no connection: ends the presence first, then the session.
  var absenceTimer: TimerToken?
  /// Events that it is still to be given, oldest first, without their opening brace and their number; and whether it is in line
  /// for them (``FanOut``).
  var unsent: [ArraySlice<UInt8>] = []
  var isInLine = false

  enum Stage {
    /// Has not said hello; the timer ends its patience.
    case strange(TimerToken)
    /// Said hello, and is being looked up; with an identity as soon as there is one that may still turn out to be over.
    case greeting(Identity?)
    case greeted(Identity)
    case gone
  }

  /// Who is behind it, and by virtue of which session.
  struct Identity {
    let person: PersonID
    let session: UUID
  }

  /// Whether they may act for somebody else.
  var representsOthers = false

  init(
    id: ConnectionID, socket: WebSocket, address: RemoteAddress, cookie: String?, terms: SessionTerms,
    allowance: Allowance, allowanceOfAddress: Allowance, timer: TimerToken
  ) {
    self.id = id
    self.socket = socket
    self.address = address
    self.cookie = cookie
    self.allowance = allowance
    self.allowanceOfAddress = allowanceOfAddress
    continuity = Continuity(secret: ResumeSecret(), terms: terms)
    stage = .strange(timer)
  }

  var isGreeted: Bool {
    if case .greeted = stage { true } else { false }
  }

  var identity: Identity? {
    if case .greeted(let identity) = stage { identity } else { nil }
  }

  /// Who is, or is about to be, behind it: whom an end of their session concerns.
  var likelyIdentity: Identity? {
    switch stage {
    case .greeted(let identity): identity
    case .greeting(let identity): identity
    case .strange, .gone: nil
    }
  }

  /// Everybody by virtue of whose session something is done here.
  var identities: [Identity] { [likelyIdentity, companion, candidate].compactMap { $0 } }

  /// Takes a message of that many bytes out of what may still be sent.
  ///
  /// - Returns: nil if it may be looked at, otherwise which limit was hit, and after how many milliseconds it could be.
  func take(bytes count: Int, at now: Instant) -> (limit: BrokerMetrics.Limit, wait: Int64)? {
    if let wait = allowance.take(bytes: count, at: now) { return (.messageRate, wait) }
    if let wait = allowanceOfAccount?.take(bytes: count, at: now) { return (.accountRate, wait) }
    if let wait = allowanceOfAddress?.take(bytes: count, at: now) { return (.addressRate, wait) }
    excess = max(0, excess - 1)
    return nil
  }

  /// Bytes that wait for the client: to be written, or to be sent again.
  var waitingBytes: Int { continuity.replay.bytes + (continuity.isConnected ? socket.queuedBytes : 0) }

  // MARK: Events

  /// Gives it everything that it is still to be given.
  func catchUp() {
    guard !unsent.isEmpty else { return }
    let events = unsent
    unsent = []
    for event in events { number(event) }
  }

  /// Sends an event, after those that come before it.
  ///
  /// - Parameter event: without its opening brace and its number.
  func give(_ event: ArraySlice<UInt8>) {
    catchUp()
    number(event)
  }

  private func number(_ event: ArraySlice<UInt8>) {
    let head = Array("{\"seq\":\(continuity.nextSequence()),".utf8)
    head.withUnsafeBytes { head in
      event.withUnsafeBytes { event in _ = deliver(head, event, UnsafeRawBufferPointer(start: nil, count: 0)) }
    }
  }

  /// Sends the event that has the last number, and keeps it for a client that has to come back for it.
  ///
  /// - Returns: whether the client gets it, now or later.
  @discardableResult
  func deliver(_ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, _ tail: UnsafeRawBufferPointer) -> Bool {
    continuity.keep(head, body, tail)
    guard continuity.isConnected else { return true }
    socket.mark = continuity.sequence
    let isSent = socket.send(prefix: head, body: body, suffix: tail)
    if continuity.replay.bytes > Self.unconfirmedBytes { socket.askForConfirmation() }
    return isSent || !continuity.isEnding
  }

  /// How much may be unconfirmed before the client is asked what it has received: little, as there are many clients.
  private static let unconfirmedBytes = 32_768

  // MARK: Resuming

  /// Goes on with the session on another connection; what the client has missed has to be sent on it next.
  func resume(on stranger: Client, with secret: ResumeSecret, after number: UInt64) {
    absenceTimer?.cancel()
    socket = stranger.socket
    address = stranger.address
    allowanceOfAddress = stranger.allowanceOfAddress
    continuity.resume(with: secret, after: number, next: ResumeSecret())
  }

  /// Sends everything again that is not known to have been received.
  func sendMissed() {
    socket.mark = continuity.sequence
    continuity.replay.visit { socket.send(text: $0) }
  }
}
