import Foundation

/// A JSON value as tests look at it: read by a reader that is not the broker's own.
enum JSONValue: Equatable, Sendable {
  case null
  case flag(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  struct NotJSON: Error {
    let text: String
  }

  init(parsing text: String) throws {
    do {
      self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    } catch {
      throw NotJSON(text: text)
    }
  }

  subscript(name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  subscript(index: Int) -> JSONValue? {
    if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
  }

  var text: String? { if case .string(let text) = self { text } else { nil } }
  var integer: Int? { if case .number(let number) = self { Int(exactly: number) } else { nil } }
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
  var members: [String: JSONValue] { if case .object(let members) = self { members } else { [:] } }

  /// Without that member, or with another value.
  func with(_ name: String, _ value: JSONValue?) -> JSONValue {
    var members = members
    members[name] = value
    return .object(members)
  }

  /// As a client writes it.
  var json: String {
    get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
  }
}

extension JSONValue: Codable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .string(text)
    } else if let elements = try? container.decode([JSONValue].self) {
      self = .array(elements)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let flag): try container.encode(flag)
    case .number(let number):
      if let integer = Int(exactly: number) { try container.encode(integer) } else { try container.encode(number) }
    case .string(let text): try container.encode(text)
    case .array(let elements): try container.encode(elements)
    case .object(let members): try container.encode(members)
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .number(Double(value)) }
  init(booleanLiteral value: Bool) { self = .flag(value) }
  init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(uniqueKeysWithValues: elements))
  }
}

extension JSONValue {
  /// Members whose value, not only its type, makes a message what it is.
  private static let telling: Set<String> = [
    "type", "kind", "state", "you", "why", "code", "retry", "ok", "seat", "holds", "missing", "status",
  ]

  /// Whether this has the shape of `golden`: the same member names and types, recursively. Each element of a list must have
  /// the shape of one of the golden list's, which says nothing if it is empty.
  func hasShape(of golden: JSONValue, named name: String = "") -> Bool {
    switch (self, golden) {
    case (.null, .null), (.flag, .flag), (.string, .string):
      return !Self.telling.contains(name) || self == golden
    case (.number(let own), .number(let other)): return (own == own.rounded()) == (other == other.rounded())
    case (.array(let own), .array(let others)):
      return others.isEmpty || own.allSatisfy { each in others.contains { each.hasShape(of: $0) } }
    case (.object(let own), .object(let others)):
      guard own.keys == others.keys else { return false }
      return own.allSatisfy { key, value in others[key].map { value.hasShape(of: $0, named: key) } ?? false }
    default: return false
    }
  }
}
