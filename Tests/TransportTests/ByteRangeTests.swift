import Testing

@testable import Transport

@Suite struct ByteRangeTests {
  @Test(arguments: [
    ("bytes=0-0", ByteRange.part(0..<1)), ("bytes=0-9", .part(0..<10)), ("bytes=0-10", .part(0..<10)),
    ("bytes=9-9", .part(9..<10)), ("bytes=9-", .part(9..<10)), ("bytes=0-", .part(0..<10)),
    ("bytes=3-999999999999999999", .part(3..<10)), ("bytes=-1", .part(9..<10)), ("bytes=-10", .part(0..<10)),
    ("bytes=-11", .part(0..<10)), ("Bytes= 2-4 ", .part(2..<5)),
    ("bytes=10-", .unsatisfiable), ("bytes=10-10", .unsatisfiable), ("bytes=-0", .unsatisfiable),
    ("bytes=999999999999999999-", .unsatisfiable),
  ])
  func `A range of ten bytes is found at every edge`(header: String, range: ByteRange) {
    #expect(ByteRange(header, of: 10) == range)
  }

  @Test(arguments: [
    nil, "", "bytes", "bytes=", "bytes=-", "bytes=4-3", "bytes=a-b", "bytes=0-1,3-4", "items=0-1", "bytes=0x1-2",
    "bytes=+1-2", "bytes=1-2-3", "bytes=9999999999999999999-", "bytes=--1", "0-1",
  ])
  func `What is not one range of bytes is ignored`(header: String?) {
    #expect(ByteRange(header, of: 10) == .whole)
  }

  @Test func `There is no range of nothing`() {
    #expect(ByteRange("bytes=0-", of: 0) == .unsatisfiable)
    #expect(ByteRange("bytes=-1", of: 0) == .unsatisfiable)
  }

  @Test func `A body's place is read`() {
    #expect(ContentRange("bytes 0-0/1")?.bytes == 0..<1)
    #expect(ContentRange("bytes 262144-524287/10485760")?.bytes == 262_144..<524_288)
    #expect(ContentRange("bytes 262144-524287/10485760")?.total == 10_485_760)
  }

  @Test(arguments: [
    "", "bytes", "bytes 0-1", "bytes 0-1/*", "bytes */10", "bytes 0-10/10", "bytes 4-3/10", "bytes -1/10",
    "bytes 0-/10",
    "items 0-1/2", "bytes  0-1/2", "bytes 0-1/2/3", "bytes 0-1/9999999999999999999", "bytes 0-1-1/3", "bytes +0-1/2",
  ])
  func `A body's place that is unclear is refused`(header: String) {
    #expect(ContentRange(header) == nil)
  }
}
