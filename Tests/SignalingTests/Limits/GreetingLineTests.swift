import Testing

@testable import Signaling

struct GreetingLineTests {
  private typealias Line = GreetingLine<Int>

  @Test("a few are greeted at a time, the others in their order")
  func order() {
    var line = Line()
    for number in 0..<Line.atOnce { #expect(line.enter(number) == .now) }
    for number in 100..<3_000 { #expect(line.enter(number) == .waits) }
    for number in 100..<3_000 { #expect(line.leave(after: 1_000_000) == number) }
    #expect(line.count == 0 && line.underWay == Line.atOnce)
    for _ in 0..<Line.atOnce { #expect(line.leave(after: 1_000_000) == nil) }
    #expect(line.underWay == 0 && line.enter(7) == .now)
  }

  @Test("who would wait too long comes back later, the longer the line the later, and not all at once")
  func patience() throws {
    var line = Line()
    for number in 0..<Line.atOnce { _ = line.enter(number) }
    for _ in 0..<2_000 {
      _ = line.enter(1)
      _ = line.leave(after: 400_000_000)  // the disk is slow today
    }
    var refused: [Range<Int64>] = []
    for number in 0..<1_000 {
      if case .later(let range) = line.enter(number) { refused.append(range) }
    }
    #expect(line.count > 200 && line.count < 400, "as many as can be greeted in eight seconds")
    let range = try #require(refused.last)
    #expect(range.lowerBound >= 2_000 && range.upperBound >= 2 * range.lowerBound)
  }

  @Test("one pause of the disk sends nobody away")
  func pause() {
    var line = Line()
    for number in 0..<Line.atOnce { _ = line.enter(number) }
    for number in 0..<4_000 { _ = line.enter(number) }
    for _ in 0..<1_000 { _ = line.leave(after: 10_000_000) }
    for _ in 0..<Line.atOnce { _ = line.leave(after: 300_000_000) }
    for number in 0..<1_000 { #expect(line.enter(number) == .waits) }
  }
}
