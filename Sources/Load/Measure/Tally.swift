import Transport

/// What is counted.
struct Tally {
  var connections = 0
  var sent = 0
  var received = 0
  var receivedBytes = 0
  var begun = 0
  var done = 0
  var failed = 0
  /// Consultations that could not begin in time because nobody was free to be the patient.
  var held = 0
  /// Refusals by request and code.
  private(set) var refusals: [String: Int] = [:]
  /// Ends of connections that this side did not ask for, by how they ended.
  private(set) var ends: [String: Int] = [:]
  /// What went wrong, by what it was.
  private(set) var troubles: [String: Int] = [:]

  mutating func refuse(_ code: String, request: String) { refusals["\(request): \(code)", default: 0] += 1 }

  mutating func end(_ end: ClientEnd) { ends[Self.name(end), default: 0] += 1 }

  mutating func count(_ trouble: Trouble, times: Int = 1) { troubles[trouble.text, default: 0] += times }

  /// A short name of an end, with no more than a code in it.
  static func name(_ end: ClientEnd) -> String {
    switch end {
    case .closed(let code, _): "closed with \(code.map(String.init) ?? "no code")"
    case .dropped: "dropped"
    case .handshakeRefused(let status): "handshake refused with \(status)"
    case .handshakeInvalid(let why): "handshake invalid: \(why)"
    case .faulty(let code, let why): "broke RFC 6455 (\(code)): \(why)"
    case .broken(0): "ended without a close frame"
    case .broken(let code): "broken (errno \(code))"
    case .tlsFailed: "TLS failed"
    case .timedOut: "timed out"
    }
  }
}
