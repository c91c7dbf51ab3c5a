/// What is measured. Every latency counts from when its cause was to happen, not from when this program got round to it, so
/// that a stall anywhere is seen by all who would have been served meanwhile (no coordinated omission).
public enum Latency: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
  /// From when a client was to connect until `hello` is answered: TCP, the handshake and signing in.
  case signIn = "sign_in"
  /// A mutation (but for claims) until it is answered, which is when it is on disk.
  case acknowledgement
  /// A claim, until its winner is told.
  case claim
  /// From a patient's request until a practitioner sees it in the queue; one for each practitioner.
  case fanOut = "queue_fan_out"
  /// A signal, from one client to the other.
  case relay
  /// From when a consultation was to begin until everybody in it could see everybody.
  case setUp = "set_up"
  /// From when connections were cut until a client is back.
  case back

  public var title: String {
    switch self {
    case .signIn: "sign-in"
    case .acknowledgement: "mutation ack"
    case .claim: "claim"
    case .fanOut: "queue fan-out"
    case .relay: "relay one way"
    case .setUp: "call set-up"
    case .back: "back after a cut"
    }
  }
}
