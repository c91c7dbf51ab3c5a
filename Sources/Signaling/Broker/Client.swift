import Accounts
import Foundation
import Rooms
import Transport

/// One connection as the broker sees it. Belongs to the event loop.
final class Client {
  let id: ConnectionID
  let socket: WebSocket
  let address: RemoteAddress
  /// The session cookie of the handshake; nil unless an allowed `Origin` vouched for it.
  let cookie: String?
  var stage: Stage
  var bucket: TokenBucket
  /// Messages refused as too fast since the last one that was not.
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
  /// Of the last event sent.
  private(set) var sequence: UInt64 = 0

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
    id: ConnectionID, socket: WebSocket, address: RemoteAddress, cookie: String?, bucket: TokenBucket, timer: TimerToken
  ) {
    self.id = id
    self.socket = socket
    self.address = address
    self.cookie = cookie
    self.bucket = bucket
    stage = .strange(timer)
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

  /// The number of the next event.
  func nextSequence() -> UInt64 {
    sequence += 1
    return sequence
  }
}
