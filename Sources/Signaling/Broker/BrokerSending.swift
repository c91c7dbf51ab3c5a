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
    let rest = writer.bytes.dropFirst()
    for connection in connections {
      guard let client = clients[connection] else { continue }
      let head = Array("{\"seq\":\(client.continuity.nextSequence()),".utf8)
      head.withUnsafeBytes { head in
        rest.withUnsafeBytes { rest in _ = client.deliver(head, rest, UnsafeRawBufferPointer(start: nil, count: 0)) }
      }
    }
  }

  /// An answer to somebody who is not there is lost: whoever asked for something that must happen asks again, with its key.
  private func send(_ text: [UInt8], to client: Client) {
    if client.continuity.isConnected { client.socket.send(text: text) }
  }
}
