import Rooms
import Testing

struct ReplayBufferTests {
  private static var nothing: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

  /// A buffer that was given these events.
  private func buffer(_ events: [String], limits: ReplayBuffer.Limits = .init()) -> ReplayBuffer {
    var buffer = ReplayBuffer(limits: limits)
    for event in events { append(event, to: &buffer) }
    return buffer
  }

  private func append(_ event: String, to buffer: inout ReplayBuffer) {
    _ = buffer.next()
    var head = "<"
    var body = event
    head.withUTF8 { head in
      body.withUTF8 { buffer.append(UnsafeRawBufferPointer(head), UnsafeRawBufferPointer($0), Self.nothing) }
    }
  }

  private func kept(_ buffer: ReplayBuffer) -> [String] {
    var events: [String] = []
    buffer.visit { events.append(String(decoding: $0, as: UTF8.self)) }
    return events
  }

  @Test("Everything is there, in order, until it is confirmed")
  func order() {
    var buffer = buffer(["a", "bb", "ccc"])
    #expect(buffer.last == 3)
    #expect(kept(buffer) == ["<a", "<bb", "<ccc"])
    buffer.confirm(through: 2)
    #expect(kept(buffer) == ["<ccc"])
    buffer.confirm(through: 1)
    #expect(kept(buffer) == ["<ccc"])
    buffer.confirm(through: 9)
    #expect(kept(buffer) == [] && buffer.bytes == 0)
    append("d", to: &buffer)
    #expect(kept(buffer) == ["<d"] && buffer.last == 4)
  }

  @Test("It says whether it reaches back, and never to what it does not have")
  func reach() {
    var buffer = buffer((1...10).map { "\($0)" })
    buffer.confirm(through: 4)
    #expect((0...12).map { buffer.reaches(backTo: $0) } == (0...12).map { (4...10).contains($0) })
    #expect(ReplayBuffer().reaches(backTo: 0))
    #expect(!ReplayBuffer().reaches(backTo: 1))
  }

  @Test("The oldest make room for the newest, by bytes and by number")
  func limits() {
    #expect(kept(buffer(["a", "b", "c", "d"], limits: .init(bytes: 1_000, events: 3))) == ["<b", "<c", "<d"])
    #expect(kept(buffer(["a", "b", "c", "d"], limits: .init(bytes: 5, events: 100))) == ["<c", "<d"])
    let tooLong = buffer(["a", "bcdefghi"], limits: .init(bytes: 5, events: 100))
    #expect(kept(tooLong) == [] && tooLong.reaches(backTo: 2) && !tooLong.reaches(backTo: 1))
  }

  @Test("It stays exact over a long life, and small")
  func longLife() {
    var buffer = ReplayBuffer(limits: .init(bytes: 20_000, events: 500))
    var generator = SystemRandomNumberGenerator()
    var confirmed: UInt64 = 0
    for number in UInt64(1)...20_000 {
      append(String(repeating: "x", count: Int(number % 97)) + "\(number)", to: &buffer)
      if number % 50 == 0 {
        confirmed = UInt64.random(in: confirmed...number, using: &generator)
        buffer.confirm(through: confirmed)
        let numbers = kept(buffer).map { UInt64($0.drop { !$0.isNumber }) }
        let first = number - UInt64(buffer.count) + 1
        #expect(numbers == (first..<number + 1).map { $0 })
        #expect(buffer.bytes <= 20_000 && first > confirmed)
      }
    }
  }
}
