import Rooms

/// A message from one browser to another, of which the broker reads the address only.
struct Signal {
  enum Kind: String, CaseIterable {
    case offer, answer, candidate
    case endOfCandidates = "end_of_candidates"
    case bye
  }

  let room: ConsultationID
  let to: Seat
  let kind: Kind
  let negotiation: Int
  /// The bytes of `data` as they came; valid as long as the frame is.
  let data: UnsafeRawBufferPointer

  init(_ message: JSONObject) throws(JSONObject.Invalid) {
    room = try message.id("room")
    to = try message.choice("to")
    kind = try message.choice("kind")
    negotiation = try message.integer("negotiation")
    data = try message.raw("data")
    guard data.first == UInt8(ascii: "{") else { throw .invalid("data") }
  }

  /// What stands after `data` in the frame that the peer gets.
  static let tail = [UInt8(ascii: "}")]

  /// What stands before it.
  func head(from seat: Seat, sequence: UInt64) -> [UInt8] {
    Array(
      """
      {"seq":\(sequence),"type":"signal","room":"\(room)","from":"\(seat.rawValue)","to":"\(to.rawValue)",\
      "kind":"\(kind.rawValue)","negotiation":\(negotiation),"data":
      """.utf8)
  }
}
