import Rooms

/// One consultation of a run: who takes part, who has finished, and what they sent each other.
final class Visit {
  let number: Int
  let arrival: UInt64
  /// Devices of the patient's side.
  var devices: [Device] = []
  var practitioner: Device?
  var consultation: ConsultationID?
  /// When the patient's side asked.
  var requestedAt: UInt64?
  private(set) var trouble: Trouble?
  private var finished = 0
  private var practitionerIsFinished = false
  /// Signals that went from one seat to another, and that arrived.
  private var sent: [Way: Int] = [:]
  private var received: [Way: Int] = [:]

  private struct Way: Hashable {
    let from: Seat
    let to: Seat
  }

  init(number: Int, arrival: UInt64) {
    self.number = number
    self.arrival = arrival
  }

  /// What a card says of the consultation with that number.
  static func reason(_ number: Int) -> String { "load-\(number)" }

  static func number(reason: String) -> Int? {
    reason.hasPrefix("load-") ? Int(reason.dropFirst(5)) : nil
  }

  /// Somebody has done all that was theirs to do.
  func finish(seat: Seat?, sent: [Seat: Int], received: [Seat: Int], isPractitioner: Bool) {
    if isPractitioner { practitionerIsFinished = true } else { finished += 1 }
    guard let seat else { return }
    for (to, count) in sent { self.sent[Way(from: seat, to: to)] = count }
    for (from, count) in received { self.received[Way(from: from, to: seat)] = count }
  }

  /// The first trouble is the one that counts; others follow from it.
  func fail(_ trouble: Trouble) {
    if self.trouble == nil { self.trouble = trouble }
  }

  /// Whether it is over, well or not.
  var isOver: Bool { trouble != nil || (practitionerIsFinished && finished == devices.count) }

  /// Signals that were sent and have not arrived; meaningful once it is over.
  var lostSignals: Int {
    Set(sent.keys).union(received.keys).reduce(0) { $0 + abs((sent[$1] ?? 0) - (received[$1] ?? 0)) }
  }
}
