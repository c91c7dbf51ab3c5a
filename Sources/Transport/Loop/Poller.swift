import CLibwebsockets
import Glibc

/// What is told about descriptors that are ready.
protocol PollHandler: AnyObject {
  /// `events` is a mask of `EPOLLIN`, `EPOLLOUT`, `EPOLLERR`, `EPOLLHUP`.
  func ready(_ descriptor: Int32, events: UInt32)
}

/// The loop's epoll set, level-triggered. Belongs to the loop's thread, except for `add` before the thread runs.
final class Poller {
  private struct Slot {
    var handler: (any PollHandler)?
    var wanted: UInt32 = 0
    var registered = false
    /// Counts registrations, so that an event for a descriptor that was closed and given out again within one batch is
    /// not taken for the new one's.
    var generation: UInt32 = 0
  }

  private static let batchSize = 256

  private let epoll: Int32
  private var slots: [Slot] = []
  private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: batchSize)

  init() throws {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw TransportError.system(call: "epoll_create1", code: errno) }
  }

  deinit {
    events.deallocate()
    close(epoll)
  }

  /// Begins to watch a descriptor. No system call when `events` is 0.
  func add(_ descriptor: Int32, handler: any PollHandler, events: UInt32) {
    let index = Int(descriptor)
    if index >= slots.count { slots.append(contentsOf: repeatElement(Slot(), count: index + 64 - slots.count)) }
    slots[index].handler = handler
    slots[index].wanted = 0
    slots[index].registered = false
    slots[index].generation &+= 1
    if events != 0 { change(descriptor, adding: events, removing: 0) }
  }

  /// Changes what is watched for. A system call only if that is a change.
  func change(_ descriptor: Int32, adding: UInt32, removing: UInt32) {
    let index = Int(descriptor)
    guard index < slots.count, slots[index].handler != nil else { return }
    let wanted = (slots[index].wanted & ~removing) | adding
    guard wanted != slots[index].wanted || (!slots[index].registered && wanted != 0) else { return }
    slots[index].wanted = wanted
    control(slots[index].registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, descriptor)
    slots[index].registered = true
  }

  func wants(_ descriptor: Int32) -> UInt32 {
    Int(descriptor) < slots.count ? slots[Int(descriptor)].wanted : 0
  }

  /// Ends watching. Must come before the descriptor is closed.
  func remove(_ descriptor: Int32) {
    let index = Int(descriptor)
    guard index < slots.count, slots[index].handler != nil else { return }
    if slots[index].registered { control(EPOLL_CTL_DEL, descriptor) }
    slots[index].handler = nil
    slots[index].wanted = 0
    slots[index].registered = false
    slots[index].generation &+= 1
  }

  /// Waits, at most `milliseconds` (-1: without end), calls `woken`, and tells the handlers.
  func wait(milliseconds: Int32, woken: () -> Void) {
    let count = epoll_wait(epoll, events, Int32(Self.batchSize), milliseconds)
    woken()
    guard count > 0 else { return }
    for event in UnsafeBufferPointer(start: events, count: Int(count)) {
      let descriptor = Int32(truncatingIfNeeded: event.data.u64 & 0xffff_ffff)
      let generation = UInt32(truncatingIfNeeded: event.data.u64 >> 32)
      guard slots[Int(descriptor)].generation == generation, let handler = slots[Int(descriptor)].handler else {
        continue
      }
      handler.ready(descriptor, events: event.events)
      muteHangUp(descriptor, generation: generation, events: event.events)
    }
  }

  /// A hang-up is reported whether one asks for it or not. Where nobody reads (a request is being worked on), the loop
  /// would spin until somebody does.
  private func muteHangUp(_ descriptor: Int32, generation: UInt32, events: UInt32) {
    let index = Int(descriptor)
    guard events & (Poll.hangUp | Poll.error) != 0, slots[index].generation == generation,
      slots[index].wanted & Poll.read == 0, slots[index].registered
    else { return }
    control(EPOLL_CTL_DEL, descriptor)
    slots[index].registered = false
  }

  private func control(_ operation: Int32, _ descriptor: Int32) {
    let slot = slots[Int(descriptor)]
    var event = epoll_event()
    event.events = slot.wanted
    event.data.u64 = UInt64(slot.generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
    // Fails only for a descriptor that is closed already, or when the kernel is out of memory for watches; in both
    // cases the connection's own timeout ends it.
    _ = epoll_ctl(epoll, operation, descriptor, &event)
  }
}

/// The events of epoll as bit masks.
enum Poll {
  static let read = EPOLLIN.rawValue
  static let write = EPOLLOUT.rawValue
  static let error = EPOLLERR.rawValue
  static let hangUp = EPOLLHUP.rawValue
  static let edge = EPOLLET.rawValue
}

/// Wakes a sleeping loop from another thread.
final class Wakeup: PollHandler {
  /// Edge-triggered: each write is an event, and the counter never has to be read.
  static var events: UInt32 { Poll.read | Poll.edge }

  let descriptor: Int32
  private var signalled = false

  init() throws {
    descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard descriptor >= 0 else { throw TransportError.system(call: "eventfd", code: errno) }
  }

  deinit { close(descriptor) }

  /// From any thread.
  func signal() { eventfd_write(descriptor, 1) }

  func ready(_ descriptor: Int32, events: UInt32) { signalled = true }

  /// Whether the loop was woken since the last call. On the loop's thread.
  func takeSignal() -> Bool {
    defer { signalled = false }
    return signalled
  }
}
