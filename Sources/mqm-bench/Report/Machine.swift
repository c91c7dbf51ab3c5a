import BenchClient
import Foundation

/// What was measured on, and what.
enum Machine {
  static var description: String {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = information.split(separator: "\n").first { $0.hasPrefix("model name") }?.split(separator: ":").last
    let name = model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "processor of an unknown kind"
    return
      "\(name), \(ProcessInfo.processInfo.activeProcessorCount) cores, \(ProcessInfo.processInfo.operatingSystemVersionString)"
  }

  static var compiler: String {
    #if compiler(>=6.3)
      let version = "6.3 or later"
    #else
      let version = "6.2"
    #endif
    #if DEBUG
      return "\(version), without optimisation"
    #else
      return "\(version), optimised"
    #endif
  }

  /// The kernel's name and version.
  static var kernel: String {
    let release = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
    return "Linux \(release?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "of an unknown version")"
  }

  /// How busy the machine was with other things before the bench began.
  static var load: String {
    let load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?.prefix { $0 != " " }
    return "load average \(load ?? "unknown") at the beginning"
  }

  /// The file system under a folder, and the median time of a small durable write there.
  static func disk(of folder: URL) throws -> String {
    let kind = try command("stat", ["-f", "-c", "%T", folder.path]).trimmingCharacters(in: .whitespacesAndNewlines)
    let file = folder.appending(path: "disk")
    let descriptor = open(file.path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
    defer {
      close(descriptor)
      unlink(file.path)
    }
    let page = [UInt8](repeating: 7, count: 4_096)
    let times = (0..<51).map { _ in
      let start = bench_now()
      _ = page.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      fdatasync(descriptor)
      return Double(bench_now() - start) / 1e6
    }.sorted()
    return "data on \(kind), where writing 4 KiB and fdatasync take \(Figure.text(times[25])) ms"
  }
}
