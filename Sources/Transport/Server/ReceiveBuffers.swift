import CLibwebsockets
import Glibc
import Synchronization

/// The receive buffers that libwebsockets allocates for its sockets, in address space of which only what is written to takes
/// memory.
///
/// libwebsockets reads no more at once than such a buffer holds, but passes data on from where it read them; only a control
/// frame, of 125 bytes at most, is put together in the buffer. So it is as long as a long message, for one read, and an
/// idle socket pays nothing for it.
enum ReceiveBuffers {
  /// Of one buffer, in bytes: whole pages, so that its memory can be given back and nobody else's with it.
  static let size = 8_192
  /// What libwebsockets takes for itself before and after what `lws_protocols.rx_buffer_size` asks for.
  static let overhead = Int(mqm_lws_pre) + 4
  /// Beyond them, buffers come from the heap.
  private static let countAtMost = 65_536

  private struct Slots {
    /// Given back, the last on top.
    var free: [UInt32] = []
    /// Those from here on were never taken.
    var fresh: UInt32 = 0

    mutating func take() -> UInt32? {
      if let slot = free.popLast() { return slot }
      guard fresh < countAtMost else { return nil }
      defer { fresh += 1 }
      return fresh
    }
  }

  private static let slots = Mutex(Slots())

  /// The address of the first; 0 if the system gave no address space, or has longer pages, and then all come from the heap.
  private static let start: UInt = {
    guard size % sysconf(Int32(_SC_PAGESIZE)) == 0 else { return 0 }
    let length = countAtMost * size
    let space = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let space, space != MAP_FAILED else { return 0 }
    // A huge page would be memory for hundreds of buffers of which one is written to.
    _ = madvise(space, length, MADV_NOHUGEPAGE)
    return UInt(bitPattern: space)
  }()

  private static let installed: Void = {
    guard start != 0 else { return }
    lws_set_allocator(libraryAllocates)
  }()

  /// To be called before any context is made.
  static func install() { _ = installed }

  fileprivate static func take() -> UnsafeMutableRawPointer? {
    slots.withLock { $0.take() }.flatMap { UnsafeMutableRawPointer(bitPattern: start + UInt($0) * UInt(size)) }
  }

  fileprivate static func giveBack(_ buffer: UnsafeMutableRawPointer) {
    madvise(buffer, size, MADV_DONTNEED)
    let slot = UInt32((UInt(bitPattern: buffer) - start) / UInt(size))
    slots.withLock { $0.free.append(slot) }
  }

  /// Whether the address is in one of these, and not on the heap.
  static func contains(_ address: UnsafeRawPointer) -> Bool {
    start != 0 && UInt(bitPattern: address) &- start < UInt(countAtMost * size)
  }

  /// Gives the memory of a buffer back that libwebsockets is done with, without taking the buffer from it.
  ///
  /// - Parameter content: anywhere in the buffer. Reads as zeros from now on.
  static func release(_ content: UnsafeRawPointer) {
    guard contains(content) else { return }
    let offset = (UInt(bitPattern: content) - start) % UInt(size)
    madvise(UnsafeMutableRawPointer(mutating: content - Int(offset)), size, MADV_DONTNEED)
  }
}

/// libwebsockets' `realloc`: `size` 0 frees. Everything but receive buffers is the heap's.
func libraryAllocates(
  _ memory: UnsafeMutableRawPointer?, _ size: Int, _ reason: UnsafePointer<CChar>?
) -> UnsafeMutableRawPointer? {
  if let memory, ReceiveBuffers.contains(memory) {
    let moved = size > 0 ? malloc(size) : nil
    if size > 0, moved == nil { return nil }
    moved?.copyMemory(from: memory, byteCount: min(size, ReceiveBuffers.size))
    ReceiveBuffers.giveBack(memory)
    return moved
  }
  if memory == nil, size == ReceiveBuffers.size, let reason, strcmp(reason, "rx_ubuf") == 0,
    let buffer = ReceiveBuffers.take()
  {
    return buffer
  }
  guard size > 0 else {
    free(memory)
    return nil
  }
  return realloc(memory, size)
}
