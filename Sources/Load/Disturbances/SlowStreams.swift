import Transport

/// Connections that take their time: half a request and nothing more, or a byte a second. When the broker ends one, the next
/// takes its place.
final class SlowStreams: Disturbance {
  enum Manner {
    case halfRequest
    case byteBySecond
  }

  /// Nanoseconds between two that are made or dropped. A thousand in one turn of this program would hold up those who
  /// measure.
  private static let pace: UInt64 = 500_000

  private unowned let run: LoadRun
  private let count: Int
  private let manner: Manner
  private var streams: [SlowStream?]
  private var isRunning = false
  /// When the last of them is to be made or dropped, so far.
  private var lastDue: UInt64 = 0
  private(set) var opened = 0
  private(set) var ended = 0
  private(set) var refused = 0

  init(_ run: LoadRun, count: Int, manner: Manner) {
    self.run = run
    self.count = count
    self.manner = manner
    streams = Array(repeating: nil, count: count)
  }

  var isReady: Bool { true }
  func prepare() {}

  func begin(at: UInt64) {
    isRunning = true
    for index in 0..<count { inTurn(from: at) { $0.open(index) } }
  }

  private func inTurn(from time: UInt64, _ work: @escaping (SlowStreams) -> Void) {
    lastDue = max(lastDue + Self.pace, time)
    run.timetable.schedule(at: lastDue) { [weak self] _ in self.map(work) }
  }

  private func open(_ index: Int) {
    guard isRunning else { return }
    // All of them from one address: that is one attacker.
    streams[index] = SlowStream(run, source: run.target.isLoopback ? 0x300001 : nil, bytes: bytes(index)) {
      [weak self] event in
      self?.take(event, index)
    }
  }

  private func take(_ event: SlowStream.Event, _ index: Int) {
    switch event {
    case .opened: opened += 1
    case .ended(let wasOpen):
      streams[index] = nil
      if wasOpen { ended += 1 } else { refused += 1 }
      inTurn(from: MonotonicTime.nanoseconds + 250_000_000) { $0.open(index) }
    }
  }

  /// What a connection sends at once, and what it sends byte by byte.
  private func bytes(_ index: Int) -> (atOnce: [UInt8], slowly: [UInt8]) {
    let request = Array(
      "GET /v1/ws HTTP/1.1\r\nHost: \(run.target.host):\(run.target.port)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        .utf8)
    let rest = Array(
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: mqm.v1\r\n\r\n"
        .utf8)
    guard manner == .byteBySecond else { return (request, []) }
    // Every other one gets as far as a WebSocket, and is slow with its first message.
    if index.isMultiple(of: 2) {
      return (request + rest, [0x81, 0xfe, 0x07, 0xd0] + [UInt8](repeating: 0x20, count: 2_004))
    }
    return ([], request + rest)
  }

  func end(at: UInt64) {
    isRunning = false
    for index in 0..<count { inTurn(from: at) { $0.drop(index) } }
  }

  private func drop(_ index: Int) {
    streams[index]?.drop()
    streams[index] = nil
  }

  var isOver: Bool { !isRunning && streams.allSatisfy { $0 == nil } }
  func conclude() {}

  var report: LoadReport.Disturbance {
    .init(
      name: manner == .halfRequest ? "half-open" : "slow-writers",
      figures: [
        .init(name: "connections at a time", value: Double(count), unit: ""),
        .init(name: "connections made", value: Double(opened), unit: ""),
        .init(name: "ended by the broker", value: Double(ended), unit: ""),
        .init(name: "not let in", value: Double(refused), unit: ""),
      ], back: [])
  }
}

/// One of them.
private final class SlowStream: ClientStreamHandler {
  enum Event {
    case opened
    case ended(wasOpen: Bool)
  }

  private unowned let run: LoadRun
  private let bytes: (atOnce: [UInt8], slowly: [UInt8])
  private let tell: (Event) -> Void
  private var stream: ClientStream?
  private var wasOpen = false
  private var position = 0

  init(_ run: LoadRun, source: UInt32?, bytes: (atOnce: [UInt8], slowly: [UInt8]), tell: @escaping (Event) -> Void) {
    self.run = run
    self.bytes = bytes
    self.tell = tell
    var options = ClientStream.Options()
    options.source = source
    stream = ClientStream(run.target, group: run.group, options: options, handler: self)
  }

  func drop() { stream?.drop() }

  func connected(_ stream: ClientStream) {
    wasOpen = true
    tell(.opened)
    bytes.atOnce.withUnsafeBytes { stream.send($0) }
    sendNext(MonotonicTime.nanoseconds)
  }

  private func sendNext(_ due: UInt64) {
    guard position < bytes.slowly.count, let stream, stream.isOpen else { return }
    bytes.slowly[position...position].withUnsafeBytes { stream.send($0) }
    position += 1
    run.timetable.schedule(at: due + 1_000_000_000) { [weak self] in self?.sendNext($0) }
  }

  func received(_ stream: ClientStream, bytes: UnsafeRawBufferPointer) {}

  func ended(_ stream: ClientStream, _ end: ClientEnd) {
    self.stream = nil
    tell(.ended(wasOpen: wasOpen))
  }
}
