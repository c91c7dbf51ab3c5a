import CLibwebsockets
import Glibc

/// What all clients of one event loop share, so that 10,000 of them need little memory of their own: the buffer that is read
/// into, the masks, and the list of those that have something to send when the turn ends. Belongs to the loop's thread.
public final class ClientGroup {
  public let loop: EventLoop
  /// What is read from any socket before it is looked at.
  let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1_024, alignment: 16)
  var masks = MaskSource()
  /// Made when the first client of `wss` connects.
  private var tls: ClientTLSContext?
  private var unsent: [ClientStream] = []
  private var isScheduled = false

  /// May be called on any thread; everything else on the loop's.
  public init(loop: EventLoop) {
    self.loop = loop
  }

  deinit { input.deallocate() }

  /// Raises the process's limit of descriptors as far as the system allows, makes room for as many, and returns it.
  public static func raiseDescriptorLimit() -> Int { DescriptorLimit.adjust() }

  func tlsContext() throws -> ClientTLSContext {
    if let tls { return tls }
    let made = try ClientTLSContext()
    tls = made
    return made
  }

  /// Has `stream` flushed when this turn of the loop ends: what it was given meanwhile goes out with one write.
  func flushLater(_ stream: ClientStream) {
    unsent.append(stream)
    guard !isScheduled else { return }
    isScheduled = true
    loop.atEndOfTurn { [self] in
      isScheduled = false
      let streams = unsent
      unsent.removeAll(keepingCapacity: true)
      for stream in streams { stream.flush() }
    }
  }
}

/// Masking keys from the system's entropy (RFC 6455, 5.3), with one system call for a thousand of them.
struct MaskSource {
  private var keys: [UInt32] = []

  mutating func next() -> UInt32 {
    if let key = keys.popLast() { return key }
    keys = [UInt32](repeating: 0, count: 1_024)
    let filled = keys.withUnsafeMutableBytes { getrandom($0.baseAddress!, $0.count, 0) }
    precondition(filled == keys.count * 4, "the system gives no random bytes")
    return keys.removeLast()
  }
}
