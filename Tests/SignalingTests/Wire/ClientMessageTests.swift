import Rooms
import Testing

@testable import Signaling

/// Every golden example of a client's message, whole, with members missing, and with members of a wrong form.
struct ClientMessageTests {
  static let examples = Documents.examples.filter { $0.direction == "client" && !$0.name.hasPrefix("http/") }

  /// Reads a message as the broker does.
  static func decode(_ message: JSONValue) throws(JSONObject.Invalid) {
    guard let json = try? message.json else { preconditionFailure("no JSON: \(message)") }
    let result: Result<Void, JSONObject.Invalid>? = readObject(json) { object throws(JSONObject.Invalid) in
      let name = try object.string("type", limit: 64)
      guard let type = MessageType(rawValue: name) else { throw .invalid("type") }
      if type == .signal { _ = try Signal(object) } else { _ = try ClientRequest(type, object) }
    }
    try result?.get()
  }

  private static func refusal(_ message: JSONValue) -> JSONObject.Invalid? {
    do throws(JSONObject.Invalid) {
      try decode(message)
      return nil
    } catch {
      return error
    }
  }

  @Test("every golden example is either a client's or the server's")
  func directions() {
    #expect(!Documents.examples.isEmpty)
    for example in Documents.examples { #expect(["client", "server"].contains(example.direction), "\(example.name)") }
  }

  @Test("every message type has a golden example", arguments: MessageType.allCases)
  func everyTypeHasAnExample(_ type: MessageType) {
    #expect(Self.examples.contains { $0.message["type"]?.text == type.rawValue })
  }

  @Test("every golden example of a client is decoded", arguments: examples)
  func goldenExamples(_ example: Documents.Example) throws {
    try Self.decode(example.message)
  }

  @Test("what a golden example says is what is read")
  func content() throws {
    func request(_ name: String) throws -> ClientRequest {
      let message = try #require(Self.examples.first { $0.name == name }).message
      let type = try #require(MessageType(rawValue: message["type"]?.text ?? ""))
      let result = readObject(try message.json) { object throws(JSONObject.Invalid) in try ClientRequest(type, object) }
      return try #require(result).get()
    }
    let consultation = try #require(ConsultationID("dddddddd-dddd-4ddd-8ddd-000000000001"))
    let room = try #require(ConsultationID("dddddddd-dddd-4ddd-8ddd-000000000003"))
    let patient = try #require(PersonID("bbbbbbbb-bbbb-4bbb-8bbb-000000000001"))
    func key(_ number: Int) throws -> MutationKey {
      try #require(MutationKey("eeeeeeee-eeee-4eee-8eee-00000000000\(number)"))
    }
    let token = "N0vN7xI0VniQq83vEjRWeJCrze8SNFZ4kKvN7xI0Vng"
    #expect(try request("hello") == .hello(token: nil, client: "mqm-web/1", resume: nil))
    #expect(
      try request("hello.token")
        == .hello(token: "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA", client: "mqm-client/1", resume: nil))
    #expect(
      try request("hello.resume")
        == .hello(
          token: nil, client: "mqm-web/1",
          resume: .init(
            session: try #require(Identifier("f0f0f0f0-f0f0-4f0f-8f0f-000000000001")),
            secret: "3q2-7wAAAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBk", sequence: 57)))
    #expect(try request("ping") == .ping)
    #expect(try request("presence.set") == .setPresence(available: true))
    #expect(
      try request("request.create")
        == .create(
          key(1),
          .init(
            patient: patient, toAttending: false, reason: "Fièvre depuis deux jours", payment: .tiersPayantIntegral)))
    #expect(try request("request.cancel") == .cancel(key(2), consultation))
    #expect(try request("request.claim") == .claim(key(3), consultation))
    #expect(try request("room.open") == .open(key(4), consultation))
    #expect(try request("room.join") == .join(consultation, as: .patient, takeOver: false, connected: [:]))
    #expect(
      try request("room.join.connected")
        == .join(consultation, as: .patient, takeOver: false, connected: [.practitioner: 4]))
    #expect(try request("ice.refresh") == .refreshICE(consultation))
    #expect(try request("room.leave") == .leave(consultation))
    #expect(
      try request("room.accompany")
        == .accompany(
          room,
          .credentials(email: "julie.petit@example.org", password: "correct horse battery staple", code: nil)))
    #expect(try request("room.accompany.token") == .accompany(room, .token(token)))
    #expect(try request("room.unaccompany") == .unaccompany(room))
    #expect(try request("consultation.start") == .start(key(5), consultation, attested: [patient]))
    #expect(try request("consultation.end") == .end(key(6), consultation, .completed))
  }

  // MARK: Members that are missing or of a wrong form

  /// Members that may be left out (docs/protocol.md, sections 2 to 4), and those that the envelope alone looks at.
  private static let optional: Set<String> = ["id", "token", "client", "take_over", "resume", "connected"]

  @Test("without a member it is 'missing_field' with that member's name", arguments: examples)
  func missingMembers(_ example: Documents.Example) throws {
    let message = example.message
    for name in message.members.keys where !Self.optional.contains(name) && name != "body" {
      #expect(Self.refusal(message.with(name, nil)) == .missing(name))
    }
    guard let body = message["body"] else { return }
    for name in body.members.keys where !Self.optional.contains(name) {
      #expect(Self.refusal(message.with("body", body.with(name, nil))) == .missing(name))
    }
    // Without a body the first member that is needed is missing.
    let needed = Set(body.members.keys).subtracting(Self.optional)
    switch Self.refusal(message.with("body", nil)) {
    case .missing(let name): #expect(needed.contains(name))
    case let other: #expect(other == nil && needed.isEmpty)
    }
  }

  @Test("with a member of a wrong type it is 'invalid_field' with that member's name", arguments: examples)
  func invalidMembers(_ example: Documents.Example) throws {
    let message = example.message
    let values: [JSONValue] = [.null, 5, -1, "no such thing", "", true, [], .object([:]), [1]]
    for name in message.members.keys where name != "id" {
      for value in values where !Self.mayBe(value, name, insteadOf: message[name]) {
        #expect(Self.refusal(message.with(name, value)) == .invalid(name), "\(name): \(value)")
      }
    }
    guard let body = message["body"] else { return }
    for name in body.members.keys {
      for value in values where !Self.mayBe(value, name, insteadOf: body[name]) {
        #expect(
          Self.refusal(message.with("body", body.with(name, value))) == .invalid(name), "body.\(name): \(value)")
      }
    }
  }

  /// Whether a value happens to be of the member's own form.
  private static func mayBe(_ value: JSONValue, _ name: String, insteadOf golden: JSONValue?) -> Bool {
    switch (value, golden) {
    // An unknown type is found before anything else, and has an error of its own; 5 is a number of a negotiation.
    case (.string(let text), _) where name == "type": !text.isEmpty
    case (5, .number): true
    case (true, .flag): true
    case ("no such thing", .string):
      ["reason", "email", "password", "token", "client"].contains(name) && !isChoice(golden)
    case ([], .array): true
    // Of an empty detail the first member that is needed is missing.
    case (.object, .object): ["data", "body", "detail", "resume", "connected"].contains(name)
    default: false
    }
  }

  /// The reason of an end is one of five, that of a request a text.
  private static func isChoice(_ value: JSONValue?) -> Bool {
    value?.text.flatMap(Consultation.EndReason.init(rawValue:)) != nil
  }

  @Test(
    "what people type is bounded",
    arguments: [("reason", 1_000), ("email", 254), ("password", 256), ("token", 128), ("client", 64)])
  func limits(_ name: String, _ limit: Int) throws {
    let examples = Self.examples.filter {
      $0.message["body"]?[name]?.text != nil && !Self.isChoice($0.message["body"]?[name])
    }
    #expect(!examples.isEmpty)
    for example in examples {
      let body = try #require(example.message["body"])
      let message = { (count: Int) in
        example.message.with("body", body.with(name, .string(String(repeating: "é", count: count))))
      }
      #expect(Self.refusal(message(limit)) == nil)
      #expect(Self.refusal(message(limit + 1)) == .invalid(name))
    }
  }

  @Test("at most 8 persons are attested")
  func attestedLimit() throws {
    let example = try #require(Self.examples.first { $0.name == "consultation.start" }).message
    let body = try #require(example["body"])
    let id = try #require(body["persons"]?[0])
    func message(_ count: Int) -> JSONValue {
      example.with("body", body.with("persons", .array(Array(repeating: id, count: count))))
    }
    #expect(Self.refusal(message(8)) == nil)
    #expect(Self.refusal(message(9)) == .invalid("persons"))
  }

  @Test("members that are not known are ignored", arguments: examples)
  func unknownMembers(_ example: Documents.Example) throws {
    var message = example.message.with("x_new", ["deep": [1, "two"]])
    if let body = message["body"] { message = message.with("body", body.with("x_new", .null)) }
    try Self.decode(message)
  }
}
