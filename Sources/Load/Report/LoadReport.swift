import Foundation

/// What a run found. Its JSON is for programs, `ReportText` for people, `ReportPicture` for both.
public struct LoadReport: Codable, Sendable {
  /// Between two moments: the whole run, or before and during a disturbance.
  public struct Phase: Codable, Sendable {
    public let name: String
    public let seconds: Double
    public let latencies: [Latency: Quantiles]
    public let curves: [Latency: [CurvePoint]]
  }

  /// One second of it.
  public struct Second: Codable, Sendable {
    /// Seconds since the start.
    public let at: Double
    public let phase: String
    public let latencies: [Latency: Quantiles]
    /// Consultations that were finished.
    public let done: Int
    /// Sent and received.
    public let messages: Int
    public let underWay: Int
    /// Per cent of one core.
    public let serverCPU: Double?
    public let serverMemory: Int?

    enum CodingKeys: String, CodingKey {
      case at, phase, latencies, done, messages
      case underWay = "under_way"
      case serverCPU = "server_cpu_percent"
      case serverMemory = "server_resident_bytes"
    }
  }

  public struct Consultations: Codable, Sendable, Equatable {
    public let begun: Int
    public let done: Int
    public let failed: Int
    /// Those that had to wait for somebody to be the patient.
    public let held: Int
  }

  public struct Messages: Codable, Sendable, Equatable {
    public let sent: Int
    public let received: Int
    public let receivedBytes: Int
    public let connections: Int

    enum CodingKeys: String, CodingKey {
      case sent, received, connections
      case receivedBytes = "received_bytes"
    }
  }

  public struct Figure: Codable, Sendable, Equatable {
    public let name: String
    public let value: Double
    public let unit: String
  }

  /// A point of the curve of those who are back.
  public struct BackPoint: Codable, Sendable, Equatable {
    public let seconds: Double
    public let percent: Double
  }

  public struct Disturbance: Codable, Sendable {
    public let name: String
    public let figures: [Figure]
    public let back: [BackPoint]
  }

  public struct Server: Codable, Sendable {
    public let cpuSeconds: Double
    public let cpuPercent: Double
    public let residentBytes: Int
    public let peakBytes: Int

    enum CodingKeys: String, CodingKey {
      case cpuSeconds = "cpu_seconds"
      case cpuPercent = "cpu_percent"
      case residentBytes = "resident_bytes"
      case peakBytes = "peak_resident_bytes"
    }
  }

  public struct Settings: Codable, Sendable, Equatable {
    public let rate: Double
    public let children: Double
    public let callSeconds: Double
    public let racers: Int
    public let seed: UInt64
    public let disturbance: String?

    enum CodingKeys: String, CodingKey {
      case rate = "consultations_per_second"
      case children = "share_of_children"
      case callSeconds = "call_seconds"
      case racers, seed, disturbance
    }
  }

  public let settings: Settings
  public let machine: Machine
  public let startedAt: Date
  public let seconds: Double
  public var phases: [Phase] = []
  public var timeline: [Second] = []
  public var consultations = Consultations(begun: 0, done: 0, failed: 0, held: 0)
  public var messages = Messages(sent: 0, received: 0, receivedBytes: 0, connections: 0)
  public var refusals: [String: Int] = [:]
  public var ends: [String: Int] = [:]
  /// What was wrong; empty if nothing was.
  public var troubles: [String: Int] = [:]
  public var disturbance: Disturbance?
  public var server: Server?
  /// How late this program's own timers were, in milliseconds.
  public var generatorLag: Quantiles?
  /// Per cent of one core that this program took.
  public var generatorCPU: Double?

  enum CodingKeys: String, CodingKey {
    case settings, machine, seconds, phases, timeline, consultations, messages, refusals, ends, troubles, disturbance,
      server
    case startedAt = "started_at"
    case generatorLag = "generator_lag"
    case generatorCPU = "generator_cpu_percent"
  }

  init(plan: LoadPlan, startedAt: Date, seconds: Double) {
    settings = Settings(
      rate: plan.rate, children: plan.children, callSeconds: Double(plan.call.nanosecondCount) / 1e9,
      racers: plan.racers, seed: plan.seed, disturbance: plan.disturbance?.name)
    machine = Machine()
    self.startedAt = startedAt
    self.seconds = seconds
  }

  /// Whether everything was as it should be.
  public var isGood: Bool { troubles.isEmpty && !phases.isEmpty }

  /// How many times as long the slowest per cent took in the second phase; nil where that cannot be said.
  public func slowdown(of latency: Latency) -> Double? {
    guard phases.count == 2, let quiet = phases[0].latencies[latency], let loud = phases[1].latencies[latency],
      quiet.count >= 100, loud.count >= 100, quiet.p99 > 0
    else { return nil }
    return loud.p99 / quiet.p99
  }

  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return try encoder.encode(self)
  }
}

/// Where a run took place.
public struct Machine: Codable, Sendable, Equatable {
  public let processor: String
  public let cores: Int
  public let memoryBytes: Int
  public let kernel: String

  enum CodingKeys: String, CodingKey {
    case processor, cores, kernel
    case memoryBytes = "memory_bytes"
  }

  init() {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
    processor = model.map { $0.drop { $0 == " " } }.map(String.init) ?? "unknown"
    cores = ProcessInfo.processInfo.activeProcessorCount
    memoryBytes = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    kernel =
      (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8))?.filter { !$0.isNewline }
      ?? "unknown"
  }
}
