public import Rooms

/// Whose consultation it is, as its entries say.
public struct RecordParties: Equatable, Sendable {
  public let patient: PersonID
  /// The last who had claimed it and did not lose the claim before the start; nil if nobody has it.
  public private(set) var practitioner: PersonID?
  /// Those whom the practitioner attested to see.
  public private(set) var attested: [PersonID] = []

  /// Nil for entries that do not begin with a request.
  public init?(_ entries: [RecordEntry]) {
    guard let first = entries.first, first.event.event == "requested",
      let patient: PersonID = Self.details(first)?.identifier("patient")
    else { return nil }
    self.patient = patient
    for entry in entries {
      switch entry.event.event {
      case "claimed": practitioner = Self.details(entry)?.identifier("practitioner")
      case "released", "assigned", "unassigned": practitioner = nil
      case "started": attested = Self.details(entry)?.json("attested").flatMap(JSONText.persons(in:)) ?? []
      default: break
      }
    }
  }

  private static func details(_ entry: RecordEntry) -> EntryDetails? {
    EntryDetails(Array(entry.event.details.utf8)[...])
  }
}
