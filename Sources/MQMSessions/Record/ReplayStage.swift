import GRDB

/// Follows each consultation through its entries.
final class ReplayStage: @unchecked Sendable {
  // Runs on one serial queue, and is then read by the thread that waited for it.
  private var record = ReplayedRecord()
  private let faults: FaultList

  init(_ faults: FaultList) {
    self.faults = faults
  }

  var lines: [String] { record.lines }

  func run(_ batch: EntryBatch) {
    for position in 0..<batch.count {
      let index = batch.first + position
      if batch.indexes[position] != index {
        faults.add(.missing(entry: index))
      } else if let entry = EntryFields(batch.bytes[batch.entry(position)]) {
        if entry.index != index {
          faults.add(.outOfPlace(entry: index))
        } else if let fault = record.apply(entry, leaf: batch.leaves[position]) {
          faults.add(fault)
        }
      } else {
        faults.add(.unreadable(entry: index))
      }
    }
  }

  func finish(_ database: Database) throws {
    try record.compare(in: database) { faults.add($0) }
  }
}
