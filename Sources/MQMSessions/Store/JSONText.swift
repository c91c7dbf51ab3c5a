import Foundation
import Rooms

/// The few JSON texts that are kept in columns. What goes into them are names, numbers and ids, which need no escapes.
enum JSONText {
  enum Value {
    case text(String)
    case number(Int64)
    /// JSON already.
    case raw(String)
    case null

    static func optional(_ text: String?) -> Value { text.map { .text($0) } ?? .null }
    static func optional(_ number: Int64?) -> Value { number.map { .number($0) } ?? .null }

    fileprivate var json: String {
      switch self {
      case .text(let text): "\"\(text)\""
      case .number(let number): "\(number)"
      case .raw(let json): json
      case .null: "null"
      }
    }
  }

  /// An object, its members in this order.
  static func object(_ members: [(String, Value)]) -> String {
    "{" + members.map { "\"\($0)\":\($1.json)" }.joined(separator: ",") + "}"
  }

  static func array(_ persons: [PersonID]) -> String {
    "[" + persons.map { "\"\($0)\"" }.joined(separator: ",") + "]"
  }

  static func persons(in text: String) -> [PersonID]? {
    guard let texts = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else { return nil }
    let persons = texts.compactMap { PersonID($0) }
    return persons.count == texts.count ? persons : nil
  }
}
