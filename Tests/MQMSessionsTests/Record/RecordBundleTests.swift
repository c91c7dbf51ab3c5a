import Foundation
import Rooms
import Testing

@testable import MQMSessions

/// What a party takes away from the record.
struct RecordBundleTests {
  let record: SampleRecord

  init() throws {
    record = try SampleRecord()
    try record.playAll()
  }

  @Test(
    "each consultation's bundle verifies, and has all of its entries (CU-13)", arguments: 1...5 as ClosedRange<UInt64>)
  func verifies(_ number: UInt64) throws {
    let bundle = try #require(try record.store.bundle(of: SampleRecord.id(number)))
    let read = try RecordBundle(Data(bundle.text.utf8))
    #expect(read == bundle)
    let (head, entries) = try read.verify(publicKey: record.publicKey)
    #expect(try entries == record.store.entries(of: SampleRecord.id(number)))
    #expect(head.size > entries[entries.count - 1].index)
  }

  @Test("there is no bundle of a consultation that never was")
  func unknown() throws {
    #expect(try record.store.bundle(of: SampleRecord.id(99)) == nil)
    #expect(try record.store.entries(of: SampleRecord.id(99)) == [])
  }

  @Test("a bundle still verifies when the record has grown")
  func afterwards() throws {
    let bundle = try #require(try record.store.bundle(of: SampleRecord.id(4)))
    for number in 10..<40 as Range<UInt64> { try record.play(number, [.cancel(by: SampleRecord.mother)]) }
    #expect(try bundle.verify(publicKey: record.publicKey).entries.count == 4)
    let later = try #require(try record.store.bundle(of: SampleRecord.id(4)))
    #expect(try later.verify(publicKey: record.publicKey).entries.count == 4)
    #expect(later.head != bundle.head)
  }

  @Test("each bit of a bundle counts, and so do an entry left out, moved or of another consultation")
  func mutated() throws {
    let bundle = try #require(try record.store.bundle(of: SampleRecord.id(3)))
    let file = Data(bundle.text.utf8)
    let key = record.publicKey
    func isGood(_ file: Data) -> Bool {
      guard let read = try? RecordBundle(file) else { return false }
      return (try? read.verify(publicKey: key)) != nil
    }
    #expect(isGood(file))
    for bit in 0..<file.count * 8 {
      var changed = file
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!isGood(changed), "bit \(bit)")
    }
    let events = bundle.events
    for changed in [
      Array(events.dropFirst()), events.reversed(), [], events + events,
      events + (try #require(try record.store.bundle(of: SampleRecord.id(4)))).events,
    ] {
      let other = RecordBundle(consultation: bundle.consultation, head: bundle.head, events: changed)
      #expect(!isGood(Data(other.text.utf8)))
    }
    #expect(throws: BundleFault.otherKey) { try bundle.verify(publicKey: try SampleRecord().publicKey) }
  }
}
