/// Requests to one server and its answers, over UDP, TCP or TLS. Belongs to one thread.
final class ServerConversation {
  /// How long each step may take.
  static let patienceSeconds = 5
  /// RFC 8489, section 6.2.1: how long the first answer to a datagram is waited for, before it is sent again.
  private static let firstTimeoutMilliseconds = 500

  private let socket: ServerSocket
  private let tls: TLSLayer?
  private let isStream: Bool
  /// What came and is not a whole message yet.
  private var rest: [UInt8] = []
  /// How long each step took; an allocation takes two round trips.
  private(set) var times: [(step: CheckStep, duration: Duration)] = []

  init(
    with url: TURNServerURL, at address: ServerAddress, authorities: String?
  ) throws(CheckFailure) {
    isStream = url.transport == .tcp
    var times: [(step: CheckStep, duration: Duration)] = []
    let socket = try Self.timed(.connect, &times) { () throws(CheckFailure) in
      try ServerSocket(to: address, url.transport, within: Deadline(seconds: Self.patienceSeconds))
    }
    self.socket = socket
    if !isStream { times = [] }
    if url.isSecure {
      tls = try Self.timed(.tls, &times) { () throws(CheckFailure) in
        try TLSLayer(
          over: socket, host: url.host, authorities: authorities, within: Deadline(seconds: Self.patienceSeconds))
      }
    } else {
      tls = nil
    }
    self.times = times
  }

  /// Sends a request and waits for its answer, whose signature is checked if there is a key and it is a success.
  func ask(
    _ request: STUNMessage, signedWith key: MessageIntegrityKey? = nil, _ step: CheckStep
  ) throws(CheckFailure) -> STUNMessage {
    try Self.timed(step, &times) { () throws(CheckFailure) in
      let deadline = Deadline(seconds: Self.patienceSeconds)
      let bytes = request.encoded(with: key)
      var timeout = Self.firstTimeoutMilliseconds
      repeat {
        try send(bytes, step, within: deadline)
        let patience = isStream ? deadline : deadline.atMost(milliseconds: timeout)
        while let answer = try receive(step, within: patience) {
          guard let message = try? STUNMessage(answer), message.messageClass != .request else {
            // In a stream there is no telling where the next message would begin.
            if isStream { throw .notSTUN } else { continue }
          }
          // Of an earlier request, or somebody else's.
          guard message.transaction == request.transaction, message.method == request.method else { continue }
          if let key, message.messageClass == .success, !STUNMessage.isSigned(answer, with: key) { throw .notSTUN }
          return message
        }
        timeout *= 2
      } while deadline.millisecondsLeft > 0
      throw .noAnswer(step: step, seconds: deadline.seconds)
    }
  }

  private func send(_ bytes: [UInt8], _ step: CheckStep, within deadline: Deadline) throws(CheckFailure) {
    if let tls { try tls.send(bytes, step, within: deadline) } else { try socket.send(bytes, step, within: deadline) }
  }

  /// One message, or what stands in its place; nil when the time is over.
  private func receive(_ step: CheckStep, within deadline: Deadline) throws(CheckFailure) -> [UInt8]? {
    guard isStream else { return try socket.receive(step, within: deadline) }
    while true {
      if rest.count >= STUNMessage.headerBytes {
        guard let length = STUNMessage.length(ofMessageAt: rest[...]), length <= STUNMessage.bytesAtMost else {
          throw .notSTUN
        }
        if rest.count >= length {
          defer { rest.removeFirst(length) }
          return Array(rest[..<length])
        }
      }
      let more: [UInt8]? =
        if let tls { try tls.receive(step, within: deadline) } else { try socket.receive(step, within: deadline) }
      guard let more else { return nil }
      rest += more
    }
  }

  private static func timed<Value>(
    _ step: CheckStep, _ times: inout [(step: CheckStep, duration: Duration)], _ work: () throws(CheckFailure) -> Value
  ) throws(CheckFailure) -> Value {
    let start = ContinuousClock.now
    let value = try work()
    let duration = ContinuousClock.now - start
    if let last = times.last, last.step == step {
      times[times.count - 1].duration = last.duration + duration
    } else {
      times.append((step, duration))
    }
    return value
  }
}
