import Foundation
import Rooms

@testable import Signaling

extension FuzzTarget {
  /// Texts of the socket and bodies of requests. Whatever is accepted is JSON, and another reader finds the same in it.
  static let messages = FuzzTarget(name: "messages") { bytes in
    // The transport hands on nothing else.
    guard String(validating: bytes, as: UTF8.self) != nil else { return }
    let read = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    guard let object = try? JSONObject(bytes) else { return }
    guard let read else {
      check(mayDiffer(bytes), "accepted what Foundation does not read")
      return
    }
    compare(object, read)
    if let nested = try? object.object("body"), let members = read["body"] as? [String: Any] {
      compare(nested, members)
    }
    for type in MessageType.allCases where type != .signal { _ = try? ClientRequest(type, object) }
    if let signal = try? Signal(object) {
      check(
        (try? JSONSerialization.jsonObject(with: Data(signal.data))) is [String: Any],
        "the data of a signal is not an object")
      let head = signal.withHead(from: signal.to, sequence: 1) { Array($0) }
      let sent = head + Array(signal.data) + Array("\(Signal.tail)".utf8)
      check((try? JSONSerialization.jsonObject(with: Data(sent))) != nil, "a relayed signal is not JSON")
    }
    if let (plain, re) = Signal.plain(bytes) {
      check((try? object.string("type", limit: 64)) == "signal", "something else was taken for a signal")
      check((try? Signal(object)) == plain, "the two ways to read a signal differ")
      check(object.has("id") ? (try? object.integer("id")) == re : re == nil, "the answer refers to something else")
    }
  }

  /// Member names of the protocol that are looked for.
  private static let names: [StaticString] = [
    "type", "id", "key", "room", "body", "negotiation", "reason", "token", "a",
  ]

  private static func compare(_ object: JSONObject, _ read: [String: Any]) {
    for name in names {
      check(object.has(name) == (read["\(name)"] != nil), "'\(name)' is there for one reader only")
      if let text = try? object.string(name, limit: 1_000) {
        check(read["\(name)"] as? String == text, "'\(name)' is another text")
      }
      if let number = try? object.integer(name) {
        check((read["\(name)"] as? NSNumber)?.int64Value == Int64(number), "'\(name)' is another number")
      }
      if let ids: [PersonID] = try? object.ids(name, limit: 8) {
        let texts = (read["\(name)"] as? [String])?.map { $0.lowercased() }
        check(texts == ids.map(\.description), "'\(name)' are other ids")
      }
    }
  }

  /// Half of a surrogate pair and a number that no `Double` is are refused by Foundation for the whole text, and here
  /// where they are read.
  private static func mayDiffer(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self).lowercased()
    return text.contains("\\ud") || text.contains(/[0-9]e/) || text.contains(/[0-9]{300}/)
  }
}
