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
      return String(
        decoding: signal.head(from: .patient, sequence: 14) + Array(signal.data) + Signal.tail, as: UTF8.self)
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
}
