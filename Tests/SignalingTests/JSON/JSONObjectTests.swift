import Rooms
import Testing

@testable import Signaling

/// One object's members, read by name.
struct JSONObjectTests {
  private enum Colour: String, CaseIterable { case red, green }
  private static let id = "dddddddd-dddd-4ddd-8ddd-000000000001"

  private func refusal<Value>(_ text: String, _ read: (JSONObject) throws(JSONObject.Invalid) -> Value)
    -> JSONObject.Invalid?
  {
    if case .failure(let invalid) = readObject(text, read) { invalid } else { nil }
  }

  @Test(
    "only an object, and nothing beside it, is a message", arguments: ["[]", "1", "null", #""a""#, "{}{}", "{} 1", ""])
  func notAnObject(_ text: String) {
    #expect(readObject(text) { _ in true } == nil)
  }

  @Test("a member that is missing is refused by its name, and an empty object has none")
  func missing() {
    #expect(refusal("{}") { object throws(JSONObject.Invalid) in try object.string("a", limit: 1) } == .missing("a"))
    #expect(refusal("{}") { object throws(JSONObject.Invalid) in try object.integer("a") } == .missing("a"))
    #expect(refusal("{}") { object throws(JSONObject.Invalid) in try object.object("a") } == .missing("a"))
    #expect(refusal("{}") { object throws(JSONObject.Invalid) in try object.raw("a") } == .missing("a"))
    #expect(
      refusal("{}") { object throws(JSONObject.Invalid) in try object.choice("a", of: Colour.self) } == .missing("a"))
    #expect(
      refusal("{}") { object throws(JSONObject.Invalid) in try object.id("a", of: PersonID.self) } == .missing("a"))
    #expect(
      refusal("{}") { object throws(JSONObject.Invalid) in try object.objectIfPresent("a").string("b", limit: 1) }
        == .missing("b"))
  }

  @Test("a member is found however its name is escaped")
  func escapedNames() {
    #expect(readObject(#"{"t\u0079pe":"x"}"#) { $0.has("type") } == .success(true))
    #expect(readObject(#"{"type ":"x"}"#) { $0.has("type") } == .success(false))
  }

  @Test(
    "texts have 1 to so many scalars, without U+0000",
    arguments: [
      (#""ab""#, "ab"), (#""é🤒""#, "é🤒"), (#""\ud83e\udd12x""#, "🤒x"), (#""""#, nil), (#""abcd""#, nil),
      (#""a\u0000""#, nil), (#""\ud83e""#, nil), ("1", nil), ("null", nil), ("[]", nil), ("{}", nil),
    ] as [(String, String?)])
  func strings(_ value: String, _ expected: String?) {
    let read = readObject("{\"a\":\(value)}") { object throws(JSONObject.Invalid) in try object.string("a", limit: 3) }
    #expect(read == (expected.map { .success($0) } ?? .failure(.invalid("a"))))
  }

  @Test(
    "integers go from 0 to 2^53 - 1 and are written as such",
    arguments: [
      ("0", 0), ("7", 7), ("9007199254740991", 9_007_199_254_740_991), ("9007199254740992", nil), ("-1", nil),
      ("1.0", nil), ("1e3", nil), (#""1""#, nil), ("99999999999999999999", nil), ("true", nil), ("-0", nil),
    ] as [(String, Int?)])
  func integers(_ value: String, _ expected: Int?) {
    let read = readObject("{\"a\":\(value)}") { object throws(JSONObject.Invalid) in try object.integer("a") }
    #expect(read == (expected.map { .success($0) } ?? .failure(.invalid("a"))))
  }

  @Test(
    "a flag is true, false or left out",
    arguments: [
      (#"{"a":true}"#, true), (#"{"a":false}"#, false), ("{}", false), (#"{"a":null}"#, nil), (#"{"a":1}"#, nil),
      (#"{"a":"true"}"#, nil), (#"{"a":"tr"}"#, nil), (#"{"a":"fal"}"#, nil),
    ] as [(String, Bool?)])
  func flags(_ text: String, _ expected: Bool?) {
    let read = readObject(text) { object throws(JSONObject.Invalid) in try object.flag("a") }
    #expect(read == (expected.map { .success($0) } ?? .failure(.invalid("a"))))
  }

  @Test(
    "a choice is one of the names",
    arguments: [
      (#""red""#, "red"), (#""gr\u0065en""#, "green"), (#""Red""#, nil), (#""""#, nil), (#""redd""#, nil), ("1", nil),
      ("null", nil),
    ] as [(String, String?)])
  func choices(_ value: String, _ expected: String?) {
    let read = readObject("{\"a\":\(value)}") { object throws(JSONObject.Invalid) in
      try object.choice("a", of: Colour.self).rawValue
    }
    #expect(read == (expected.map { .success($0) } ?? .failure(.invalid("a"))))
  }

  @Test(
    "an id is a UUID, in either case",
    arguments: [
      ("\"\(id)\"", true), ("\"\(id.uppercased())\"", true), ("\"\(id)0\"", false), ("\"\(id.dropLast())\"", false),
      (#""{dddddddd-dddd-4ddd-8ddd-000000000001}""#, false), (#""""#, false), ("5", false), ("null", false),
      ("\"\(id.replacing("-", with: ""))\"", false), ("[\"\(id)\"]", false),
    ])
  func ids(_ value: String, _ isValid: Bool) {
    let read = readObject("{\"a\":\(value)}") { object throws(JSONObject.Invalid) in
      try object.id("a", of: PersonID.self).description
    }
    #expect(read == (isValid ? .success(Self.id) : .failure(.invalid("a"))))
  }

  @Test(
    "a list of ids has at most so many",
    arguments: [
      ("[]", 0), ("[ ]", 0), ("[\"\(id)\"]", 1), ("[ \"\(id)\" , \"\(id)\" ]", 2),
      ("[\"\(id)\",\"\(id)\",\"\(id)\"]", nil),
      ("[\"x\"]", nil), ("[null]", nil), ("[[\"\(id)\"]]", nil), ("\"\(id)\"", nil), ("{}", nil), ("null", nil),
    ] as [(String, Int?)])
  func idLists(_ value: String, _ expected: Int?) {
    let read = readObject("{\"a\":\(value)}") { object throws(JSONObject.Invalid) in
      try object.ids("a", limit: 2, of: PersonID.self).count
    }
    #expect(read == (expected.map { .success($0) } ?? .failure(.invalid("a"))))
  }

  @Test("a member's bytes are given as they were written")
  func raw() {
    let read = readObject(#"{"a":1, "data" : { "b" : [ 1.50, "\u00e9" ] } , "c":2}"#) {
      object throws(JSONObject.Invalid) in String(decoding: try object.raw("data"), as: UTF8.self)
    }
    #expect(read == .success(#"{ "b" : [ 1.50, "\u00e9" ] }"#))
  }
}
