import Foundation
import Synchronization

/// A broker that this program starts, in a folder that is removed afterwards.
public final class OwnBroker: ServerUnderLoad {
  public enum Failure: Error, CustomStringConvertible {
    case noProgram(String)
    case didNotStart(String)
    case commandFailed(String, String)

    public var description: String {
      switch self {
      case .noProgram(let path): "There is no broker at '\(path)'. Build it with ./mqm build, or name it with --broker."
      case .didNotStart(let said): "The broker did not say that it listens. It said: \(said)"
      case .commandFailed(let command, let said): "'mqm-broker \(command)' failed: \(said)"
      }
    }
  }

  private let program: URL
  private let legal: URL
  private let options: [String]
  private let folder: URL
  private let running = Mutex<Running?>(nil)

  private struct Running {
    let process: Process
    let url: String
    let port: Int
  }

  /// - Parameters:
  ///   - program: the path of `mqm-broker`.
  ///   - legal: the folder of the texts that people agree to.
  ///   - options: more options of `mqm-broker run`.
  public init(program: String, legal: String, options: [String]) throws {
    guard FileManager.default.isExecutableFile(atPath: program) else { throw Failure.noProgram(program) }
    self.program = URL(fileURLWithPath: program)
    self.legal = URL(fileURLWithPath: legal)
    self.options = options
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("mqm-load-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private var data: String { folder.appendingPathComponent("data").path }

  /// Makes accounts, and returns what the import printed: ids and tokens.
  public func importPeople(_ lines: [String]) throws -> Data {
    _ = try run(["texts", "publish", "--legal", legal.path, "--data", data], input: nil)
    let text = Data((lines.joined(separator: "\n") + "\n").utf8)
    return try run(["account", "import", "-", "--tokens", "--data", data], input: text)
  }

  /// Starts it.
  ///
  /// - Returns: the address of its WebSockets.
  public func start() throws -> String {
    let started = try launch(port: 0)
    running.withLock { $0 = started }
    return started.url.replacing("http", with: "ws", maxReplacements: 1) + "/v1/ws"
  }

  public func usage() -> ServerUsage? {
    running.withLock { $0.flatMap { ServerUsage(pid: $0.process.processIdentifier) } }
  }

  public func restart(isKill: Bool) throws {
    guard let old = running.withLock({ $0 }) else { return }
    kill(old.process.processIdentifier, isKill ? SIGKILL : SIGTERM)
    old.process.waitUntilExit()
    let started = try launch(port: old.port)
    running.withLock { $0 = started }
  }

  /// Ends it as a service manager does.
  public func stop() {
    guard
      let old = running.withLock({ running in
        defer { running = nil }
        return running
      })
    else { return }
    kill(old.process.processIdentifier, SIGTERM)
    old.process.waitUntilExit()
  }

  /// What is not as it is by default: all clients are on this machine, and would be one address to the broker.
  private static let settings = [
    "--limits-address-connections", "100000", "--limits-half-open", "100000", "--limits-address-sockets", "100000",
    "--limits-address-share", "10000", "--metrics-port", "0",
  ]

  private func launch(port: Int) throws -> Running {
    let process = Process()
    process.executableURL = program
    process.arguments =
      ["run", "--data", data, "--legal", legal.path, "--web", "", "--port", String(port)] + Self.settings + options
    let output = Pipe()
    let log = folder.appendingPathComponent("broker.log")
    if !FileManager.default.fileExists(atPath: log.path) {
      _ = FileManager.default.createFile(atPath: log.path, contents: nil, attributes: [.posixPermissions: 0o600])
    }
    let errors = try FileHandle(forWritingTo: log)
    try errors.seekToEnd()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    var said = ""
    while true {
      let bytes = output.fileHandleForReading.availableData
      guard !bytes.isEmpty else {
        process.waitUntilExit()
        let reason = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        throw Failure.didNotStart(said + reason.suffix(2_000))
      }
      said += String(decoding: bytes, as: UTF8.self)
      guard
        let line = said.split(separator: "\n", omittingEmptySubsequences: false).dropLast().first(where: {
          $0.hasPrefix("listening on ")
        }),
        let port = line.split(separator: ":").last.flatMap({ Int($0) })
      else { continue }
      // What it says later must not fill the pipe.
      output.fileHandleForReading.readabilityHandler = { handle in
        if handle.availableData.isEmpty { handle.readabilityHandler = nil }
      }
      return Running(process: process, url: String(line.dropFirst("listening on ".count)), port: port)
    }
  }

  /// Runs a command to its end, and returns what it printed.
  private func run(_ arguments: [String], input: Data?) throws -> Data {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    let (output, errors) = (Pipe(), folder.appendingPathComponent("command.log"))
    _ = FileManager.default.createFile(atPath: errors.path, contents: nil, attributes: [.posixPermissions: 0o600])
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    // A file rather than a pipe, which would fill while nobody reads the other end; tokens are in neither.
    let lines = folder.appendingPathComponent("people.jsonl")
    if let input {
      try input.write(to: lines)
      process.standardInput = try FileHandle(forReadingFrom: lines)
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    try process.run()
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let reason = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
      throw Failure.commandFailed(arguments.prefix(2).joined(separator: " "), reason)
    }
    return printed
  }
}
