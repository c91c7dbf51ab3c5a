import CLibwebsockets
import Glibc

/// Frames that wait to be written, one after the other in one buffer, so that a turn's messages leave with one write.
///
/// Before the first frame there is the room that `lws_write` asks for. An empty outbox has no buffer: an idle
/// connection costs nothing.
struct Outbox: ~Copyable {
  /// What the loop lends and gets back, so that sending a message does not allocate.
  final class Pool {
    fileprivate static let bufferSize = 8_192
    static let maximumCount = 128
    private var free: [UnsafeMutableRawPointer] = []

    fileprivate func take() -> UnsafeMutableRawPointer {
      free.popLast() ?? UnsafeMutableRawPointer.allocate(byteCount: Self.bufferSize, alignment: 16)
    }

    fileprivate func give(_ buffer: UnsafeMutableRawPointer) {
      if free.count < Self.maximumCount { free.append(buffer) } else { buffer.deallocate() }
    }

    deinit { for buffer in free { buffer.deallocate() } }
  }

  /// What one write takes at most, unless a single frame is longer.
  static let writeSize = 65_536
  private static let headroom = 16

  private let pool: Pool
  private var base: UnsafeMutableRawPointer?
  private var capacity = 0
  private var start = headroom
  private var end = headroom
  private(set) var messages = 0

  init(pool: Pool) {
    self.pool = pool
  }

  deinit {
    if let base {
      if capacity == Pool.bufferSize { pool.give(base) } else { base.deallocate() }
    }
  }

  var isEmpty: Bool { start == end }
  var bytes: Int { end - start }

  /// Room for `count` bytes at the end, which count as sent.
  mutating func extend(by count: Int) -> UnsafeMutableRawPointer {
    if base == nil, Self.headroom + count <= Pool.bufferSize {
      base = pool.take()
      capacity = Pool.bufferSize
    } else if end + count > capacity {
      grow(toHold: count)
    }
    messages += 1
    defer { end += count }
    return base! + end
  }

  private mutating func grow(toHold count: Int) {
    let wanted = max(Self.headroom + bytes + count, 2 * capacity)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
    let length = bytes
    if let base {
      (larger + Self.headroom).copyMemory(from: base + start, byteCount: length)
      if capacity == Pool.bufferSize { pool.give(base) } else { base.deallocate() }
    }
    base = larger
    capacity = wanted
    start = Self.headroom
    end = start + length
  }

  /// The next whole frames to write, `writeSize` at most unless the first is longer; they count as written. Good until
  /// the next call. Nil when empty.
  mutating func next() -> (bytes: UnsafeMutableRawPointer, count: Int)? {
    guard let base, !isEmpty else { return nil }
    let first = base + start
    if bytes <= Self.writeSize {
      messages = 0
      start = end
      return (first, end - (first - base))
    }
    var count = 0
    while start < end {
      let size = FrameHeader.frameSize(at: base + start)
      guard count == 0 || count + size <= Self.writeSize else { break }
      count += size
      start += size
      messages -= 1
    }
    return (first, count)
  }

  /// Gives the buffer back when nothing is left in it.
  mutating func releaseIfEmpty() {
    guard isEmpty, let base else { return }
    if capacity == Pool.bufferSize { pool.give(base) } else { base.deallocate() }
    self.base = nil
    capacity = 0
    start = Self.headroom
    end = start
    messages = 0
  }

  /// Forgets what waits.
  mutating func removeAll() {
    start = end
    releaseIfEmpty()
  }
}
