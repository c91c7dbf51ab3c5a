import Rooms
import Testing

@testable import Signaling

/// What goes from one browser to another through the broker.
struct SignalTests {
  static let examples = Documents.examples.filter { $0.message["type"] == "signal" && $0.direction == "client" }

  @Test("every kind of signal has a golden example", arguments: Signal.Kind.allCases)
  func kinds(_ kind: Signal.Kind) {
    #expect(Self.examples.contains { $0.message["kind"]?.text == kind.rawValue })
  }

  @Test("what the peer gets has the golden shape, with the data byte for byte", arguments: examples)
  func forwarded(_ example: Documents.Example) throws {
    let data = #"{ "sdp":"v=0\r\n\u00e9", "n":[1.50, -0e1],"b":null }"#
    let envelope = try example.message.with("data", nil).json
    let text = envelope.dropLast() + ",\"data\":" + data + "}"
    let forwarded = try withText(text.utf8) { bytes in
      let signal = try Signal(JSONObject(bytes))
      return String(decoding: signal.relayed(from: .patient, sequence: 14), as: UTF8.self)
    }
    #expect(forwarded.hasSuffix("\"data\":\(data)}"))
    let kind = try #require(example.message["kind"])
    let golden = try #require(
      Documents.examples.first { $0.name.hasPrefix("signal.received") && $0.message["kind"] == kind })
    let message = try JSONValue(parsing: forwarded)
    #expect(message.with("data", nil).hasShape(of: golden.message.with("data", nil)))
    #expect(message["from"] == "patient")
    #expect(message["to"] == example.message["to"])
    #expect(message["negotiation"] == example.message["negotiation"])
  }

  @Test("every seat can be addressed by its name", arguments: Seat.allCases)
  func seats(_ seat: Seat) throws {
    let message = try #require(Self.examples.first).message.with("to", .string(seat.rawValue))
    let to = try withText(message.json.utf8) { try Signal(JSONObject($0)).to }
    #expect(to == seat)
  }

  static let room = "00000000-0000-4000-8000-0000000000c1"
  static let plain = #"""
    {"type":"signal","id":7,"room":"\#(room)","to":"patient","kind":"offer","negotiation":3,"data":{"sdp":"v=0\u0065\r\n"}}
    """#

  @Test(
    "the short way reads what the long way reads",
    arguments: examples.compactMap { try? $0.message.json } + [plain, " " + plain + "\n"])
  func short(_ text: String) throws {
    try withText(text.utf8) { bytes in
      let object = try JSONObject(bytes)
      let (signal, re) = try #require(Signal.plain(bytes))
      let long = try Signal(object)
      #expect(signal == long)
      #expect(re == (object.has("id") ? try object.integer("id") : nil))
    }
  }

  @Test(
    "what is not plainly a signal is left to the long way",
    arguments: [
      ("signal\"", "request.claim\""), ("\"type\"", "\"typ\\u0065\""), ("offer", "off\\u0065r"), ("offer", "demand"),
      ("patient", "physician"), ("\"id\":7", "\"id\":0"), ("\"id\":7", "\"id\":\"7\""), (":3", ":-3"), (":3", ":03.5"),
      ("-4000-", "-400g-"), ("{\"sdp\"", "[\"sdp\""), ("\"room\"", "\"raum\""), ("\"id\":7", "\"to\":\"patient\""),
      ("}}", "}"),
      ("}}", "}},"), ("\"data\"", "\"date\""),
    ])
  func long(_ original: String, _ other: String) {
    #expect(Self.plain.contains(original))
    let text = Self.plain.replacing(original, with: other, maxReplacements: 1)
    withText(text.utf8) { #expect(Signal.plain($0) == nil) }
  }
}

extension Signal {
  /// The frame that the peer gets.
  func relayed(from seat: Seat, sequence: UInt64) -> [UInt8] {
    withHead(from: seat, sequence: sequence) { Array($0) } + Array(data) + Array("\(Signal.tail)".utf8)
  }
}
