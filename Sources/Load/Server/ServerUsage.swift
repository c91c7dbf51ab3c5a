import Foundation

/// The broker's process, where it is at hand.
public protocol ServerUnderLoad: AnyObject, Sendable {
  /// What it has used until now; nil if it is not running.
  func usage() -> ServerUsage?
  /// Ends it at once (`isKill`) or as a service manager does, and starts it again on the same port and folder. Returns when
  /// it listens; not to be called on an event loop.
  func restart(isKill: Bool) throws
}

/// What a process has used, from /proc.
public struct ServerUsage: Sendable, Equatable {
  public let cpuSeconds: Double
  public let residentBytes: Int
  /// The most that it ever had.
  public let peakBytes: Int
  /// Seconds of the monotonic clock.
  let at: Double

  /// - Returns: nil if there is no such process.
  public init?(pid: Int32) {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
      let end = stat.lastIndex(of: ")")
    else { return nil }
    // The name in parentheses may have spaces in it; the fields after it are counted from 3 (proc_pid_stat(5)).
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
    let kilobytes = { (name: String) -> Int in
      let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
      return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }
    cpuSeconds = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    residentBytes = kilobytes("VmRSS") * 1_024
    peakBytes = kilobytes("VmHWM") * 1_024
    at = ProcessInfo.processInfo.systemUptime
  }

  /// Per cent of one core between two samples; 0 if the process is another one meanwhile.
  func percent(since earlier: ServerUsage) -> Double {
    guard at > earlier.at, cpuSeconds >= earlier.cpuSeconds else { return 0 }
    return (cpuSeconds - earlier.cpuSeconds) / (at - earlier.at) * 100
  }
}
