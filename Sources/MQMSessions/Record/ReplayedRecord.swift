import Foundation
import GRDB
import Rooms

/// What the consultations' rows have to be, worked out from the entries alone.
///
/// It does not run the rules a second time: it knows what each event writes into a row, and nothing of when it is allowed.
struct ReplayedRecord {
  fileprivate struct Followed {
    var row: ConsultationRow
    var documents: [DocumentRow] = []
  }

  /// Where a consultation's own chain stands.
  private struct Last {
    var number: Int
    var leaf: RecordDigest
  }

  private var followed: [ConsultationID: Followed] = [:]
  private var lasts: [ConsultationID?: Last] = [:]
  /// Closures and erasures that happened, as they are exported, in their order.
  private(set) var lines: [String] = []

  /// - Returns: what is wrong with the entry.
  mutating func apply(_ entry: EntryFields, leaf: RecordDigest) -> RecordFault? {
    let last = lasts.updateValue(Last(number: entry.number, leaf: leaf), forKey: entry.consultation)
    guard entry.number == last.map({ $0.number + 1 }) ?? 0, entry.previous == last?.leaf else {
      return .consultation(entry: entry.index)
    }
    guard let details = EntryDetails(entry.details) else { return .unreadable(entry: entry.index) }
    return change(entry, details) ? nil : .impossible(entry: entry.index)
  }

  private mutating func change(_ entry: EntryFields, _ details: EntryDetails) -> Bool {
    let event = String(decoding: entry.event, as: UTF8.self)
    guard let id = entry.consultation else { return changeAll(event, entry, details) }
    if event == "requested" {
      guard followed[id] == nil, let row = ConsultationRow(requested: id, details) else {
        return false
      }
      followed[id] = Followed(row: row)
      return true
    }
    // In place, as taking it out would copy its documents.
    guard followed[id]?.change(event, at: entry.at.milliseconds, details) == true else { return false }
    if event == "closed" || event == "cancelled" {
      lines.append("{\"closed\":\"\(id)\",\"at\":\(entry.at.milliseconds)}")
    }
    return true
  }

  private mutating func changeAll(_ event: String, _ entry: EntryFields, _ details: EntryDetails) -> Bool {
    switch event {
    case "clock_stepped":
      guard let step = details.integer("by_ms") else { return false }
      for id in followed.keys { followed[id]?.row.stepClocks(byMilliseconds: step) }
    case RecordedEvent.accountErased:
      guard let account: PersonID = details.identifier("account") else { return false }
      lines.append("{\"erased\":\"\(account)\",\"at\":\(entry.at.milliseconds)}")
    default: break
    }
    return true
  }

  /// What is wrong with the tables.
  mutating func compare(in database: Database, report: (RecordFault) -> Void) throws {
    var documents: [String: DocumentRow] = [:]
    for each in followed.values {
      for document in each.documents { documents[document.id] = document }
    }
    let rows = try Row.fetchCursor(database, sql: "SELECT \(ConsultationRow.columns) FROM consultation")
    while let row = try rows.next() {
      let stored = ConsultationRow(columns: row)
      let known = ConsultationID(stored.id).flatMap { followed.removeValue(forKey: $0) }
      if known?.row != stored { report(.row(consultation: stored.id)) }
    }
    for id in followed.keys { report(.row(consultation: id.description)) }
    for stored in try DocumentRow.fetchAll(database) where documents.removeValue(forKey: stored.id) != stored {
      report(.row(consultation: stored.consultation))
    }
    for document in documents.values { report(.row(consultation: document.consultation)) }
  }
}

extension ReplayedRecord.Followed {
  /// - Returns: false if the event cannot be understood.
  fileprivate mutating func change(_ event: String, at: Int64, _ details: EntryDetails) -> Bool {
    switch event {
    case "document_handed_over":
      guard let document = DocumentRow(handedOver: row.id, details) else { return false }
      documents.append(document)
    case "document_fetched":
      guard let index = index(details) else { return false }
      documents[index].fetchedAt = at
    case "document_withdrawn":
      guard let index = index(details) else { return false }
      documents.remove(at: index)
    default:
      guard row.change(event, at: at, details) else { return false }
      if event == "closed" { documents = [] }
    }
    return true
  }

  private func index(_ details: EntryDetails) -> Int? {
    let id = details.text("document")
    return documents.firstIndex { $0.id == id }
  }
}
