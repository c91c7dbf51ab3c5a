import Foundation
import Rooms
import Testing

@testable import Load

@Suite struct SessionTests {
  private static func hello(_ more: String) -> String {
    #"""
    {"re":1,"ok":true,"body":{"session":"11111111-1111-4111-8111-111111111111",\#(more)"server_time":1,"patients":[],
     "limits":{"message_bytes":65536,"messages_per_second":100,"burst":300,"reason_characters":1000}}}
    """#
  }

  private static func event(_ seq: Int) -> String { #"{"seq":\#(seq),"type":"availability","body":{"available":1}}"# }

  @Test func `Requests are numbered, and replies find them`() throws {
    var session = ClientSession()
    let hello = String(decoding: session.hello(token: "t", intended: 5), as: UTF8.self)
    #expect(hello == #"{"id":1,"type":"hello","body":{"token":"t","client":"mqm-load/1"}}"#)
    _ = try session.take(Self.hello(#""resumed":false,"#))
    let id = try #require(ConsultationID("dddddddd-dddd-4ddd-8ddd-000000000002"))
    let claim = session.send(.of("request.claim", consultation: id), key: "k", intended: 7)
    #expect(
      String(decoding: claim, as: UTF8.self)
        == #"{"id":2,"type":"request.claim","key":"k","body":{"consultation":"\#(id)"}}"#)
    let input = try session.take(
      #"{"re":2,"ok":false,"error":{"code":"already_claimed","message":"x","retry":"never","details":{}}}"#)
    let sent = ClientSession.Sent(request: .of("request.claim", consultation: id), intended: 7)
    #expect(input == .reply(sent, .refused(code: "already_claimed", afterMilliseconds: nil)))
    #expect(session.waiting == 0)
    #expect(throws: ClientSession.Fault.replyToNothing(2)) {
      try session.take(#"{"re":2,"ok":true,"body":{}}"#)
    }
  }

  @Test func `A missing, a doubled and a swapped event are noticed`() throws {
    var session = ClientSession()
    for number in 1...3 { _ = try session.take(Self.event(number)) }
    #expect(throws: ClientSession.Fault.sequence(expected: 4, got: 5)) { try session.take(Self.event(5)) }
    #expect(throws: ClientSession.Fault.sequence(expected: 6, got: 5)) { try session.take(Self.event(5)) }
    #expect(throws: ClientSession.Fault.sequence(expected: 6, got: 4)) { try session.take(Self.event(4)) }
  }

  @Test func `A session is resumed with its secret, and replay begins after the last event`() throws {
    var session = ClientSession()
    _ = session.hello(token: "t", intended: 0)
    _ = try session.take(Self.hello(#""resumed":false,"secret":"s1","seq":0,"#))
    for number in 1...41 { _ = try session.take(Self.event(number)) }
    let hello = String(decoding: session.hello(token: "t", intended: 0), as: UTF8.self)
    #expect(
      hello
        == #"{"id":2,"type":"hello","body":{"token":"t","client":"mqm-load/1","resume":{"session":"11111111-1111-4111-8111-111111111111","secret":"s1","seq":41}}}"#
    )
    let answer = Self.hello(#""resumed":true,"secret":"s2","seq":41,"#).replacing(#""re":1"#, with: #""re":2"#)
    _ = try session.take(answer)
    _ = try session.take(Self.event(42))
    #expect(session.greeting?.secret == "s2")
    #expect(throws: ClientSession.Fault.sequence(expected: 43, got: 44)) { try session.take(Self.event(44)) }
  }

  @Test func `A replay that begins elsewhere is a fault, a new session begins at 1`() throws {
    var session = ClientSession()
    _ = session.hello(token: "t", intended: 0)
    _ = try session.take(Self.hello(#""resumed":false,"secret":"s1","seq":0,"#))
    for number in 1...4 { _ = try session.take(Self.event(number)) }
    var other = session
    _ = session.hello(token: "t", intended: 0)
    _ = other.hello(token: "t", intended: 0)
    #expect(throws: ClientSession.Fault.sequence(expected: 4, got: 3)) {
      try session.take(Self.hello(#""resumed":true,"secret":"s2","seq":3,"#).replacing(#""re":1"#, with: #""re":2"#))
    }
    _ = try other.take(Self.hello(#""resumed":false,"secret":"s2","seq":0,"#).replacing(#""re":1"#, with: #""re":2"#))
    _ = try other.take(Self.event(1))
  }

  @Test func `Every message of the server's in the examples can be read`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/protocol/examples")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
    var read = 0
    for name in names where !name.hasPrefix("close-reason") && !name.hasPrefix("signal.received") {
      let data = try Data(contentsOf: folder.appending(path: name))
      let example = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any], "\(name)")
      guard example["direction"] as? String == "server", let message = example["message"] as? [String: Any] else {
        continue
      }
      let text = try JSONSerialization.data(withJSONObject: message)
      #expect(throws: Never.self, "\(name)") { try text.withUnsafeBytes { _ = try MessageReader.read($0) } }
      read += 1
    }
    #expect(read > 30)
  }

  @Test func `A queue and a room are read as they are`() throws {
    let card = #"{"id":"dddddddd-dddd-4ddd-8ddd-000000000002","reason":"load-7"}"#
    let gone = #"{"id":"dddddddd-dddd-4ddd-8ddd-000000000001","why":"claimed"}"#
    let text = #"{"seq":4,"type":"queue","body":{"kind":"delta","upsert":[\#(card)],"remove":[\#(gone)]}}"#
    let one = try #require(ConsultationID("dddddddd-dddd-4ddd-8ddd-000000000001"))
    let two = try #require(ConsultationID("dddddddd-dddd-4ddd-8ddd-000000000002"))
    #expect(
      try read(text)
        == .event(seq: 4, .queue(isSnapshot: false, upsert: [.init(id: two, reason: "load-7")], remove: [one])))
    let person = #"{"id":"bbbbbbbb-bbbb-4bbb-8bbb-000000000002"}"#
    let room = #"""
      {"seq":1,"type":"room","room":"\#(one)","body":{"kind":"snapshot","state":"open","you":"practitioner",
       "seats":[{"seat":"practitioner","persons":[\#(person)]},{"seat":"patient","persons":[\#(person)]}],
       "admission":{"holds":true,"missing":[]},"peers":[{"seat":"patient","negotiation":4,"offers":"patient"}]}}
      """#
    let view = ServerMessage.RoomView(
      state: "open", you: .practitioner, isAdmitted: true,
      peers: [.init(seat: .patient, negotiation: 4, offers: .patient)],
      persons: [try #require(PersonID("bbbbbbbb-bbbb-4bbb-8bbb-000000000002"))])
    #expect(try read(room) == .event(seq: 1, .room(one, view)))
    #expect(throws: MessageReader.Unreadable.self) { try read(#"{"seq":1}"#) }
    #expect(throws: MessageReader.Unreadable.self) { try read("nonsense") }
  }

  private func read(_ text: String) throws -> ServerMessage {
    try Array(text.utf8).withUnsafeBytes { try MessageReader.read($0) }
  }
}

extension ClientSession {
  fileprivate mutating func take(_ text: String) throws -> Input {
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBytes { try take($0) }
  }
}
