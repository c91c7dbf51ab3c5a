import Foundation
import Rooms
import Transport

/// A person's device: a connection, the session that outlives it, and the script that says what to do.
final class Device: WebSocketClientHandler {
  let member: CastMember
  private unowned let run: LoadRun
  var script: any Script
  private(set) var session = ClientSession()
  private var client: WebSocketClient?
  private var isGreeted = false
  /// When the connection was to begin.
  private var due: UInt64 = 0
  /// The consultation that it takes part in.
  weak var visit: Visit?
  /// What is told when it is signed in, and when its connection is over; of its own accord it does nothing then.
  var onGreeted: ((Device, ServerMessage.Greeting, UInt64) -> Void)?
  var onEnded: ((Device, ClientEnd) -> Void)?
  /// What an attacker meets is counted apart: refusals are what it should meet.
  var isAttacker = false
  private let source: UInt32?

  init(_ member: CastMember, script: any Script, run: LoadRun, source: UInt32?) {
    self.member = member
    self.script = script
    self.run = run
    self.source = source
  }

  var isOpen: Bool { client?.isOpen ?? false }
  var isSignedIn: Bool { isGreeted }

  /// - Parameters:
  ///   - due: when that was to happen.
  ///   - receiveBufferBytes: a small one makes a slow reader slow at once.
  func connect(due: UInt64, receiveBufferBytes: Int32? = nil) {
    self.due = due
    isGreeted = false
    var options = WebSocketClient.Options()
    options.subprotocol = "mqm.v1"
    options.stream.source = source
    options.stream.receiveBufferBytes = receiveBufferBytes
    client = WebSocketClient(run.target, group: run.group, options: options, handler: self)
    run.tally.connections += 1
  }

  /// Begins anew with another script: the next connection resumes nothing.
  func begin(_ script: any Script) {
    self.script = script
    session = ClientSession()
    visit = nil
  }

  /// Says goodbye; nobody is told of the end.
  func leave() {
    onEnded = nil
    visit = nil
    client?.close(code: 1000)
    client = nil
  }

  /// Breaks the connection as a network does, without a word.
  func cut() {
    client?.drop(reset: true)
    client = nil
    isGreeted = false
  }

  func pauseReading() { client?.pauseReading() }
  func resumeReading() { client?.resumeReading() }

  // MARK: The script

  func cue(_ cue: Cue, at: UInt64) { perform(script.take(cue, at: at)) }

  func perform(_ acts: [Act]) {
    for act in acts { run.perform(act, by: self) }
  }

  func send(_ request: Request, intended: UInt64) {
    let key = request.isMutation ? run.uuid() : nil
    send(session.send(request, key: key, intended: intended))
  }

  func send(_ text: [UInt8]) {
    run.tally.sent += 1
    text.withUnsafeBytes { client?.send(text: $0) }
  }

  private func count(_ change: (inout Tally) -> Void) {
    if isAttacker { change(&run.attackers) } else { change(&run.tally) }
  }

  // MARK: The connection

  func opened(_ client: WebSocketClient) { send(session.hello(token: member.token, intended: due)) }

  func received(_ client: WebSocketClient, text: UnsafeRawBufferPointer) {
    let now = MonotonicTime.nanoseconds
    run.tally.received += 1
    run.tally.receivedBytes += text.count
    do throws(ClientSession.Fault) {
      take(try session.take(text), at: now)
    } catch {
      run.fault(error, on: self)
    }
  }

  private func take(_ input: ClientSession.Input, at now: UInt64) {
    switch input {
    case .event(let event): cue(.event(event), at: now)
    case .complaint(let code):
      count { $0.refuse(code, request: "signal") }
      cue(.complaint(code: code), at: now)
    case .reply(let sent, .refused(let code, _)):
      count { $0.refuse(code, request: sent.request.type) }
      cue(.refused(sent, code: code), at: now)
    case .reply(let sent, .accepted(let answer)):
      guard let greeting = answer.greeting else { return cue(.accepted(sent, answer), at: now) }
      isGreeted = true
      if let onGreeted { return onGreeted(self, greeting, now) }
      cue(.greeted(greeting, since: due), at: now)
    }
  }

  func ended(_ client: WebSocketClient, _ end: ClientEnd) {
    guard client === self.client else { return }
    self.client = nil
    isGreeted = false
    count { $0.end(end) }
    if let onEnded { return onEnded(self, end) }
    run.fail(.disconnected(Tally.name(end)), self)
  }
}
