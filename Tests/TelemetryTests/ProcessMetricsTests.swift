import Foundation
import Testing

@testable import Telemetry

@Suite("What the kernel says of the process")
struct ProcessMetricsTests {
  private func values() -> [String: Double] {
    let registry = MetricsRegistry()
    ProcessMetrics.register(in: registry)
    let lines = String(decoding: registry.text(), as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
    return lines.reduce(into: [:]) { values, line in
      let parts = line.split(separator: " ")
      values[String(parts[0])] = Double(parts[1])
    }
  }

  @Test("it is what the process sees of itself")
  func plausible() throws {
    let values = values()
    let resident = try #require(values["process_resident_memory_bytes"])
    #expect(resident > 1_000_000)
    #expect(try #require(values["process_virtual_memory_bytes"]) >= resident)
    let now = Date().timeIntervalSince1970
    let start = try #require(values["process_start_time_seconds"])
    #expect(start <= now + 1 && start > now - 86_400)
    #expect(try #require(values["process_cpu_seconds_total"]) > 0)
    #expect(try #require(values["process_max_fds"]) >= 64)
  }

  @Test("an open file is one more")
  func descriptors() throws {
    // Other tests of the process open and close some at the same time.
    let files = try (0..<200).map { _ in try #require(FileHandle(forReadingAtPath: "/dev/null")) }
    let open = try #require(values()["process_open_fds"])
    #expect(open >= 200)
    for file in files { try file.close() }
  }
}
