import Accounts
import Foundation
import Rooms
public import Transport

/// What sockets tell the broker. All of it happens on the event loop, which is the broker's executor.
extension Broker: ServerHandler {
  public nonisolated func shouldUpgrade(_ request: Request) -> UpgradeDecision {
    assumeIsolated { $0.decide(RemoteAddress(request.remoteAddress)) }
  }

  public nonisolated func opened(_ socket: WebSocket, request: Request) {
    assumeIsolated { $0.open(socket, request) }
  }

  public nonisolated func received(_ socket: WebSocket, text: UnsafeRawBufferPointer) {
    // Read before this returns, on the thread that owns it.
    nonisolated(unsafe) let text = text
    assumeIsolated { $0.receive(text, from: socket) }
  }

  public nonisolated func closed(_ socket: WebSocket, code: UInt16?) {
    assumeIsolated { broker in
      broker.noteEnd(of: socket, code: code)
      if let client = socket.userData as? Client { broker.lost(client, code: code) }
      socket.userData = nil
    }
  }

  public nonisolated func confirmed(_ socket: WebSocket, mark: UInt64) {
    assumeIsolated { _ in (socket.userData as? Client)?.continuity.confirm(through: mark) }
  }

  public nonisolated func handle(_ exchange: HTTPExchange) {
    assumeIsolated { $0.route(exchange) }
  }

  // MARK: A socket's life

  private func open(_ socket: WebSocket, _ request: Request) {
    let id = ConnectionID(socket.id)
    let timer = loop.schedule(after: settings.helloTimeout) { [weak self] in
      self?.assumeIsolated { broker in
        if let client = broker.clients[id], client.identity == nil { broker.close(client, .helloTimeout) }
      }
    }
    let address = RemoteAddress(request.remoteAddress)
    let now = moment().now
    let client = Client(
      id: id, socket: socket, address: address,
      // Only a browser sends cookies by itself, and a browser says where the page is from: without that, no cookie.
      cookie: request[.origin] == nil ? nil : SessionCookie.read(request[.cookie], secure: settings.secureCookie),
      terms: settings.sessions, allowance: Allowance(settings.traffic.connection, now: now),
      allowanceOfAddress: allowancesOfAddresses.hold(address, at: now), timer: timer)
    socket.userData = client
    clients[client.id] = client
  }

  private func receive(_ text: UnsafeRawBufferPointer, from socket: WebSocket) {
    guard let client = socket.userData as? Client else { return }
    client.continuity.hear()
    let excess = client.take(bytes: text.count, at: moment().now)
    if excess == nil, client.isGreeted, let (signal, re) = Signal.plain(text) {
      return relay(signal, from: client, re: re)
    }
    // Reading costs more the longer a text is, and is not wasted on strangers and on those who send too fast.
    let isWorthReading = (client.identity != nil && excess == nil) || text.count <= Self.courtesyBytes
    let read = isWorthReading ? try? JSONObject(text) : nil
    let id = read.flatMap(Self.id)
    guard allows(client, excess, re: id) else { return }
    // A stranger's message that is longer than any hello signs nobody in.
    guard isWorthReading else { return turnAway(client, re: nil) }
    guard let message = read else { return refuse(client, re: nil, .malformed) }
    do throws(JSONObject.Invalid) {
      if message.has("id"), id == nil { throw .invalid("id") }
      guard let type = try type(of: message) else {
        return refuse(client, re: id, client.identity == nil ? .helloRequired : .unknownType)
      }
      if type == .signal { return relay(try Signal(message), from: client, re: id) }
      guard let id else { throw .missing("id") }
      metrics.noteRequest(type)
      handle(try ClientRequest(type, message), from: client, re: id)
    } catch {
      // Whoever has not said hello learns nothing about messages but that.
      let fault: Fault = client.identity == nil && !isHello(message) ? .helloRequired : .invalid(error)
      refuse(client, re: id, fault)
    }
  }

  /// - Returns: nil if there is none, or one out of range.
  private static func id(of message: JSONObject) -> Int? {
    guard let id = try? message.integer("id"), id >= 1 else { return nil }
    return id
  }

  /// - Returns: nil for a type that does not exist.
  private func type(of message: JSONObject) throws(JSONObject.Invalid) -> MessageType? {
    let name = try message.string("type", limit: 64)
    return MessageType(rawValue: name)
  }

  private func isHello(_ message: JSONObject) -> Bool {
    (try? message.string("type", limit: 64)) == MessageType.hello.rawValue
  }

  /// Whether the message may be looked at; whoever sends too fast is told, and whoever does not listen is closed.
  ///
  /// - Parameter excess: the limit that was hit, and after how many milliseconds it could be; nil if it may now.
  private func allows(_ client: Client, _ excess: (limit: BrokerMetrics.Limit, wait: Int64)?, re: Int?) -> Bool {
    guard let (limit, wait) = excess else { return true }
    metrics.noteHit(limit)
    client.excess += 1
    if client.excess > Self.toleratedExcess {
      close(client, .tooFast)
    } else {
      refuse(client, re: re, .tooFast(afterMilliseconds: wait))
    }
    return false
  }

  /// How long a message may be that is looked at although it is going to be refused: long enough for any `hello`.
  private static let courtesyBytes = 2_048

  /// Messages over the limit, less those within it, that are answered before the connection is closed.
  private static let toleratedExcess = 1_000

  // MARK: The relay

  /// The hot path: no hop, no record, and the data goes on as it came.
  private func relay(_ signal: Signal, from client: Client, re: Int?) {
    guard client.isGreeted else { return refuse(client, re: re, .helloRequired) }
    do throws(Refusal) {
      let route = try route(of: signal, from: client)
      guard let receiver = clients[route.connection] else { throw .peerAbsent }
      let isSent = signal.withHead(from: route.from, sequence: receiver.continuity.nextSequence()) { head in
        let tail = UnsafeRawBufferPointer(start: Signal.tail.utf8Start, count: Signal.tail.utf8CodeUnitCount)
        return receiver.deliver(head, signal.data, tail)
      }
      guard isSent else { throw .peerAbsent }
      metrics.noteRelay(of: signal.kind, bytes: signal.data.count)
    } catch {
      return refuse(client, re: re, .refused(error))
    }
    if let re { reply(to: client, re: re) { $0.object { _ in } } }
  }

  private func route(of signal: Signal, from client: Client) throws(Refusal) -> Room.Route {
    let address = SignalAddress(room: signal.room, to: signal.to, negotiation: signal.negotiation)
    if let known = client.route, known.isGood(for: address, seating: hall.seating) { return known.route }
    let route = try hall.route(from: client.id, in: signal.room, to: signal.to, negotiation: signal.negotiation)
    client.route = KnownRoute(address: address, seating: hall.seating, route: route)
    return route
  }
}
