import BenchClient
import Foundation

/// A server as a process of its own on one core, which ends when the bench does, however that ends.
final class ServerProcess {
  private let process = Process()
  private let log: URL
  private let started: UInt64

  /// Starts it; what it says goes to `log` (made anew).
  init(_ program: String, _ arguments: [String], in folder: URL, core: Int?) throws {
    log = folder.appending(path: "\(URL(fileURLWithPath: program).lastPathComponent).log")
    try Data().write(to: log)
    let output = try FileHandle(forWritingTo: log)
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let pin = core.map { ["taskset", "-c", "\($0)"] } ?? []
    process.arguments = ["setpriv", "--pdeathsig", "KILL"] + pin + [program] + arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    started = bench_now()
    try process.run()
  }

  deinit {
    stop()
  }

  var id: pid_t { process.processIdentifier }

  /// Waits until it says something, and returns the rest of that line.
  func wait(for text: String, within seconds: Double = 60) throws -> String {
    let end = started + UInt64(seconds * 1e9)
    while bench_now() < end {
      if bench_is_interrupted() { throw BenchFailure.interrupted }
      let said = said
      if let found = said.range(of: text), let rest = said[found.upperBound...].firstIndex(of: "\n") {
        return String(said[found.upperBound..<rest])
      }
      guard process.isRunning else { break }
      usleep(500)
    }
    throw BenchFailure("\(log.lastPathComponent) does not say '\(text)', but: \(said.suffix(1_000))")
  }

  /// Seconds since it was started.
  var age: Double { Double(bench_now() - started) / 1e9 }

  private var said: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

  /// Nothing that it holds is needed any more.
  func stop() {
    guard process.isRunning else { return }
    kill(id, SIGKILL)
    process.waitUntilExit()
  }

  /// Asks it to end, and waits until it has.
  func end(within seconds: Double = 30) throws {
    kill(id, SIGTERM)
    let end = bench_now() + UInt64(seconds * 1e9)
    while process.isRunning {
      guard bench_now() < end else { throw BenchFailure("\(log.lastPathComponent): the server does not end") }
      usleep(2_000)
    }
  }

  /// Bytes of memory that are the process's own: what is resident and not shared with others.
  func memory() throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(id)/smaps_rollup", encoding: .utf8)
    let kilobytes = text.split(separator: "\n").filter { $0.hasPrefix("Private_") && !$0.contains("Hugetlb") }
      .compactMap { $0.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
    guard !kilobytes.isEmpty else { throw BenchFailure("/proc/\(id)/smaps_rollup says nothing of memory") }
    return kilobytes.reduce(0, +) * 1_024
  }
}

/// Runs a program to its end.
///
/// - Returns: what it said.
@discardableResult
func command(_ program: String, _ arguments: [String]) throws -> String {
  let process = Process()
  let output = Pipe()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [program] + arguments
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = output
  let errors = Pipe()
  process.standardError = errors
  try process.run()
  let said = output.fileHandleForReading.readDataToEndOfFile()
  let complained = errors.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    let call = ([program] + arguments.prefix(2)).joined(separator: " ")
    throw BenchFailure("\(call): \(String(decoding: complained, as: UTF8.self))")
  }
  return String(decoding: said + complained, as: UTF8.self)
}
