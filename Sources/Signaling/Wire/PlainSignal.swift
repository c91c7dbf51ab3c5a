import Rooms

/// Signals as nearly all are written: in one object, without escapes in what the broker reads of them. That is the hot path,
/// so they are read in one pass, and nothing is kept of what was passed over.
extension Signal {
  /// - Returns: nil if the text is something else, written in another way, or not right, which ``JSONObject`` finds out.
  ///   `re` is what an answer refers to; nil if none is wished for.
  static func plain(_ text: UnsafeRawBufferPointer) -> (signal: Signal, re: Int?)? {
    var isSignal = false
    var room: ConsultationID?
    var to: Seat?
    var kind: Kind?
    var negotiation: Int?
    var data: Range<Int>?
    var re: Int?
    var scanner = JSONScanner(text)
    do {
      scanner.skipWhitespace()
      try scanner.forEachMember(depth: 1) { (scanner, key) throws(JSONScanner.Malformed) in
        guard !scanner.isEscaped else { throw JSONScanner.Malformed() }
        let value = try scanner.skipValue(depth: 1)
        if JSONString.isPlainly(text, key, "data") {
          data = value
        } else if JSONString.isPlainly(text, key, "type") {
          isSignal = JSONString.isPlainly(text, value, "signal")
        } else if JSONString.isPlainly(text, key, "room") {
          room = JSONString.inner(text, value).flatMap {
            ConsultationID(bytes: UnsafeRawBufferPointer(rebasing: text[$0]))
          }
        } else if JSONString.isPlainly(text, key, "kind") {
          kind = Kind.allCases.first { JSONString.isPlainly(text, value, $0.text) }
        } else if JSONString.isPlainly(text, key, "to") {
          to = Seat.allCases.first { JSONString.isPlainly(text, value, $0.text) }
        } else if JSONString.isPlainly(text, key, "negotiation") {
          negotiation = JSONNumber.integer(text, value)
        } else if JSONString.isPlainly(text, key, "id") {
          re = JSONNumber.integer(text, value)
          guard let re, re >= 1 else { throw JSONScanner.Malformed() }
        }
      }
      try scanner.expectEnd()
    } catch {
      return nil
    }
    guard isSignal, let room, let to, let kind, let negotiation, let data, text[data.lowerBound] == UInt8(ascii: "{")
    else { return nil }
    let signal = Signal(
      room: room, to: to, kind: kind, negotiation: negotiation, data: UnsafeRawBufferPointer(rebasing: text[data]))
    return (signal, re)
  }
}
