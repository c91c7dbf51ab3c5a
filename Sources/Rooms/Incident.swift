/// Something technical that happened during a consultation, for its incident sheet. Never an address, a text of anybody's, or
/// anything of health.
public struct Incident: Hashable, Sendable {
  public let kind: Kind
  /// Whose seat it was; nil for somebody who had none.
  public let seat: Seat?

  public init(_ kind: Kind, seat: Seat?) {
    self.kind = kind
    self.seat = seat
  }

  public enum Kind: Hashable, Sendable {
    /// A seat was left because its connection broke.
    case connectionLost
    /// Whoever left it so took a seat again.
    case connectionResumed(lostAt: Instant)
    /// The same person took the seat from another device.
    case takenOver
    /// No way was found between two devices, or it was lost.
    case iceFailed
    case iceRestarted
    /// Whether media go through a relay.
    case relayUsed(Bool)
    case deviceCheck(DeviceCheck)

    /// As it stands on record.
    public var name: String {
      switch self {
      case .connectionLost: "connection_lost"
      case .connectionResumed: "connection_resumed"
      case .takenOver: "taken_over"
      case .iceFailed: "ice_failed"
      case .iceRestarted: "ice_restarted"
      case .relayUsed: "relay_used"
      case .deviceCheck: "device_check"
      }
    }
  }

  /// What somebody found who tried their device before a consultation.
  public struct DeviceCheck: Hashable, Sendable {
    public let camera: Finding
    public let microphone: Finding
    public let speaker: Finding
    public let connection: Finding
    public let browser: Finding

    public init(camera: Finding, microphone: Finding, speaker: Finding, connection: Finding, browser: Finding) {
      self.camera = camera
      self.microphone = microphone
      self.speaker = speaker
      self.connection = connection
      self.browser = browser
    }

    public enum Finding: String, Hashable, Sendable, CaseIterable {
      case ok, failed, skipped
    }

    /// Whether nothing failed of what was tried.
    public var hasPassed: Bool {
      ![camera, microphone, speaker, connection, browser].contains(.failed)
    }
  }
}
