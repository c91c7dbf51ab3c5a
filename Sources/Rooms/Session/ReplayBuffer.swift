/// The last events that a session was sent, so that a client whose connection broke gets exactly those that it missed.
///
/// Events are numbered 1, 2, 3… without a gap. What the client has surely received is let go of; what it has not, as far as
/// the limits allow.
public struct ReplayBuffer: Equatable, Sendable {
  /// How much is kept of one session.
  public struct Limits: Equatable, Sendable {
    public var bytes: Int
    public var events: Int

    public init(bytes: Int = 262_144, events: Int = 1_024) {
      self.bytes = bytes
      self.events = events
    }
  }

  private let limits: Limits
  /// The events one after the other; what is before `start` is let go of.
  private var text: [UInt8] = []
  private var start = 0
  /// Of each event; what is before `first` is let go of.
  private var lengths: [Int32] = []
  private var first = 0
  /// The number of the last event; 0 before the first.
  public private(set) var last: UInt64 = 0

  public init(limits: Limits = Limits()) {
    self.limits = limits
  }

  /// How many bytes are kept.
  public var bytes: Int { text.count - start }
  /// How many events are kept.
  public var count: Int { lengths.count - first }

  /// The number of the next event, which has to be appended right after this.
  public mutating func next() -> UInt64 {
    last += 1
    return last
  }

  /// Keeps the event that has the last number, made of three pieces. Those that are too many are let go of, the oldest first.
  public mutating func append(
    _ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer, _ tail: UnsafeRawBufferPointer
  ) {
    let length = head.count + body.count + tail.count
    text.append(contentsOf: head)
    text.append(contentsOf: body)
    text.append(contentsOf: tail)
    lengths.append(Int32(clamping: length))
    while count > 0, bytes > limits.bytes || count > limits.events { letGo() }
    tidy()
  }

  /// The client has everything up to this number.
  public mutating func confirm(through number: UInt64) {
    while count > 0, last - UInt64(count) < number { letGo() }
    tidy()
  }

  /// Whether everything after this number is still here.
  public func reaches(backTo number: UInt64) -> Bool {
    number <= last && number >= last - UInt64(count)
  }

  /// Calls `body` with each event that is kept, in order.
  public func visit(_ body: (UnsafeRawBufferPointer) -> Void) {
    text.withUnsafeBytes { text in
      var offset = start
      for length in lengths[first...] {
        body(UnsafeRawBufferPointer(rebasing: text[offset..<offset + Int(length)]))
        offset += Int(length)
      }
    }
  }

  private mutating func letGo() {
    start += Int(lengths[first])
    first += 1
  }

  /// Gives memory back: all of it when nothing is kept, as most sessions are idle, and what was let go of when that is most
  /// of it.
  private mutating func tidy() {
    if count == 0 {
      text = []
      lengths = []
    } else if start > 4_096, start > text.count / 2 {
      text.removeSubrange(0..<start)
      lengths.removeSubrange(0..<first)
    } else {
      return
    }
    start = 0
    first = 0
  }
}
