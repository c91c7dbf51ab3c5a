import Foundation
public import Rooms

/// Something that happened, as it is to be recorded. All of it is pseudonymous, and none of it health data (CU-13).
public struct RecordedEvent: Equatable, Sendable {
  /// Nil for what concerns all of them.
  public let consultation: ConsultationID?
  /// Lower-case letters and `_`, 32 at most.
  public let event: String
  /// Whoever did it; nil for the broker itself.
  public let actor: PersonID?
  public let at: Instant
  /// A JSON object in ASCII without white space, 16 KiB at most.
  public let details: String

  public init(consultation: ConsultationID?, event: String, actor: PersonID?, at: Instant, details: String = "{}") {
    self.consultation = consultation
    self.event = event
    self.actor = actor
    self.at = at
    self.details = details
  }

  /// An account was erased: its person is told to whoever restores a backup (CU-12.1).
  static let accountErased = "account_erased"

  public static func erasure(of account: PersonID, at: Instant) -> RecordedEvent {
    RecordedEvent(
      consultation: nil, event: accountErased, actor: nil, at: at, details: "{\"account\":\"\(account)\"}")
  }

  /// Whether a head is kept and exported at once, and the closure with it.
  var isClosure: Bool { event == "closed" || event == "cancelled" }
}

extension RecordedEvent {
  /// Whose account it was.
  var erasedAccount: PersonID? {
    EntryDetails(Array(details.utf8)[...])?.identifier("account")
  }
}

/// One entry of the journal. Its text is what is hashed.
public struct RecordEntry: Equatable, Sendable {
  /// Bytes of `details`.
  static let detailsLimit = 16_384

  /// The leaf's index: 0, 1, 2…
  public let index: Int
  public let event: RecordedEvent
  /// Which of its consultation's entries it is: 0, 1, 2…
  public let number: Int
  /// The leaf hash of the entry before it in the same consultation; nil for the first.
  public let previous: RecordDigest?

  init(index: Int, event: RecordedEvent, number: Int, previous: RecordDigest?) {
    self.index = index
    self.event = event
    self.number = number
    self.previous = previous
  }

  /// The one way to write it down: see docs/record.md.
  public var text: String {
    let consultation = event.consultation.map { "\"\($0)\"" } ?? "null"
    let previous = previous.map { "\"\($0.hexadecimal)\"" } ?? "null"
    let actor = event.actor.map { "\"\($0)\"" } ?? "null"
    return "{\"v\":1,\"seq\":\(index),\"at\":\(event.at.milliseconds),\"consultation\":\(consultation),"
      + "\"n\":\(number),\"prev\":\(previous),\"event\":\"\(event.event)\",\"actor\":\(actor),"
      + "\"details\":\(event.details)}"
  }

  /// Reads an entry; nil for bytes that ``text`` would not have written.
  init?(_ text: ArraySlice<UInt8>) {
    guard let read = EntryFields(text), let event = String(validating: read.event, as: UTF8.self),
      let details = String(validating: read.details, as: UTF8.self)
    else { return nil }
    self.init(
      index: read.index,
      event: RecordedEvent(
        consultation: read.consultation, event: event, actor: read.actor, at: read.at, details: details),
      number: read.number, previous: read.previous)
  }

  init?(_ text: String) {
    self.init(Array(text.utf8)[...])
  }
}

/// An entry's members, read without making strings of them: a million of them are verified in seconds.
struct EntryFields {
  let index: Int
  let at: Instant
  let consultation: ConsultationID?
  let number: Int
  let previous: RecordDigest?
  let event: ArraySlice<UInt8>
  let actor: PersonID?
  let details: ArraySlice<UInt8>

  /// Nil for anything but an entry as ``RecordEntry/text`` writes it.
  init?(_ text: ArraySlice<UInt8>) {
    var reader = StrictReader(rest: text)
    guard reader.skip("{\"v\":1,\"seq\":"), let index = reader.integer(), index >= 0,
      reader.skip(",\"at\":"), let at = reader.integer(),
      reader.skip(",\"consultation\":"), let consultation: ConsultationID? = reader.identifier(),
      reader.skip(",\"n\":"), let number = reader.integer(), number >= 0,
      reader.skip(",\"prev\":"), let previous = reader.digest(),
      reader.skip(",\"event\":\""), let event = reader.name(),
      reader.skip("\",\"actor\":"), let actor: PersonID? = reader.identifier(),
      reader.skip(",\"details\":"), let details = reader.details()
    else { return nil }
    self.index = index
    self.at = Instant(milliseconds: Int64(at))
    self.consultation = consultation
    self.number = number
    self.previous = previous
    self.event = event
    self.actor = actor
    self.details = details
  }
}
