import Rooms
import Transport

/// What leaves the broker: replies, and events with their numbers (docs/protocol.md, section 2).
extension Broker {
  func reply(to client: Client, re: Int?, _ body: (inout JSONWriter) -> Void) {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("re", re)
      writer.member("ok", true)
      writer.key("body")
      body(&writer)
    }
    send(writer.bytes, to: client)
  }

  func refuse(_ client: Client, re: Int?, _ fault: Fault) {
    note(fault, to: client)
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("re", re)
      writer.member("ok", false)
      writer.key("error")
      write(fault, to: &writer)
    }
    send(writer.bytes, to: client)
  }

  /// An event: written once, with each connection's own number in front.
  func send(
    _ type: StaticString, room: ConsultationID? = nil, to connections: [ConnectionID],
    _ body: (inout JSONWriter) -> Void
  ) {
    guard !connections.isEmpty else { return }
    var writer = JSONWriter(reserving: 512)
    writer.object { writer in
      writer.member("type", "\(type)")
      if let room { writer.member("room", room) }
      writer.key("body")
      body(&writer)
    }
    // Without its opening brace this follows the number.
    let event = writer.bytes.dropFirst()
    let receivers = connections.compactMap { clients[$0] }
    guard receivers.count > FanOut.slice else {
      for client in receivers { client.give(event) }
      return
    }
    let isUnderWay = !fanOut.isEmpty
    fanOut.add(event, to: receivers)
    if !isUnderWay { fanOutOnceMore() }
  }

  private func fanOutOnceMore() {
    loop.execute { [weak self] in
      self?.assumeIsolated { broker in
        for client in broker.fanOut.next() { client.catchUp() }
        if !broker.fanOut.isEmpty { broker.fanOutOnceMore() }
      }
    }
  }

  /// An answer to somebody who is not there is lost: whoever asked for something that must happen asks again, with its key.
  private func send(_ text: [UInt8], to client: Client) {
    guard client.continuity.isConnected else { return }
    client.catchUp()
    client.socket.send(text: text)
  }
}
