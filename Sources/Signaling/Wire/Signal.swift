import Rooms

/// A message from one browser to another, of which the broker reads the address only.
struct Signal: Equatable {
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

  static func == (left: Signal, right: Signal) -> Bool {
    (left.room, left.to, left.kind, left.negotiation) == (right.room, right.to, right.kind, right.negotiation)
      && left.data.elementsEqual(right.data)
  }

  init(room: ConsultationID, to: Seat, kind: Kind, negotiation: Int, data: UnsafeRawBufferPointer) {
    self.room = room
    self.to = to
    self.kind = kind
    self.negotiation = negotiation
    self.data = data
  }

  /// What stands after `data` in the frame that the peer gets.
  static let tail: StaticString = "}"

  /// Calls `body` with what stands before it. On the hot path: written without making strings, and on the stack.
  func withHead<Result>(
    from seat: Seat, sequence: UInt64, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.headLimit) { buffer in
      var head = Head(buffer)
      head.add(#"{"seq":"#)
      head.add(sequence)
      head.add(#","type":"signal","room":""#)
      head.add(room)
      head.add(#"","from":""#)
      head.add(seat.text)
      head.add(#"","to":""#)
      head.add(to.text)
      head.add(#"","kind":""#)
      head.add(kind.text)
      head.add(#"","negotiation":"#)
      head.add(UInt64(negotiation))
      head.add(#","data":"#)
      return body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<head.count]))
    }
  }

  /// More than the longest head has: 94 bytes of names and marks, two numbers, a UUID, two seats and a kind.
  private static let headLimit = 256

  private struct Head {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
      self.buffer = buffer
    }

    mutating func add(_ text: StaticString) {
      let end = count + text.utf8CodeUnitCount
      precondition(end <= buffer.count)
      UnsafeMutableRawPointer(buffer.baseAddress! + count)
        .copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
      count = end
    }

    mutating func add(_ number: UInt64) {
      var digits = 1
      var rest = number / 10
      while rest > 0 {
        digits += 1
        rest /= 10
      }
      precondition(count + digits <= buffer.count)
      rest = number
      for place in (count..<(count + digits)).reversed() {
        buffer[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
      count += digits
    }

    mutating func add(_ id: ConsultationID) {
      precondition(count + ConsultationID.textLength <= buffer.count)
      id.write(to: UnsafeMutableBufferPointer(rebasing: buffer[count...]))
      count += ConsultationID.textLength
    }
  }
}

extension Seat {
  /// As on the wire.
  var text: StaticString {
    switch self {
    case .practitioner: "practitioner"
    case .patient: "patient"
    case .guardian1: "guardian1"
    case .guardian2: "guardian2"
    }
  }
}

extension Signal.Kind {
  /// As on the wire.
  var text: StaticString {
    switch self {
    case .offer: "offer"
    case .answer: "answer"
    case .candidate: "candidate"
    case .endOfCandidates: "end_of_candidates"
    case .bye: "bye"
    }
  }
}
