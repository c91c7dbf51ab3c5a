import Foundation

@testable import MQMSessions

extension FuzzTarget {
  /// What the record's verifier reads from files of strangers. There is one way to write each thing, so what is read is
  /// written as the same bytes again.
  static let records = FuzzTarget(name: "records") { bytes in
    let text = Array(bytes)[...]
    if let entry = RecordEntry(text) {
      check(entry.text.utf8.elementsEqual(text), "an entry that changes")
      _ = RecordParties([entry])
    }
    if let fields = EntryFields(text) {
      check(fields.index >= 0 && fields.number >= 0, "a negative number")
      _ = EntryDetails(fields.details)
    }
    _ = EntryDetails(text)
    let string = String(decoding: bytes, as: UTF8.self)
    if let head = TreeHead(string) { check(head.text == string, "a head that changes") }
    if let bundle = try? RecordBundle(Data(bytes)) {
      check(bundle.text.utf8.elementsEqual(text), "a bundle that changes")
      if let verified = try? bundle.verify(publicKey: bundle.head.publicKey) {
        _ = RecordParties(verified.entries)
      }
    }
  }
}
