import BenchClient
import Foundation

/// (b) System calls for each relayed message, counted by strace.
struct CallsPart: Part {
  var isAlone = false

  private struct Way {
    let name: String
    let load: RelayLoad
    let bound: Double?
  }

  private static let burst = 10

  private func ways(_ scale: Scale) -> [Way] {
    let seconds = max(scale.seconds, 0.5)
    return [
      Way(name: "100 under way", load: RelayLoad(underWay: 100, warmUp: 0, seconds: seconds), bound: 2.2),
      Way(name: "one at a time", load: RelayLoad(underWay: 1, warmUp: 0, seconds: seconds), bound: nil),
      Way(
        name: "bursts of \(Self.burst) in one write",
        load: RelayLoad(underWay: 100, burst: Self.burst, warmUp: 0, seconds: seconds), bound: 1.2),
    ]
  }

  func weight(_ scale: Scale) -> Double { Double(Kind.all(alone: isAlone).count) * (2 + 3 * (scale.seconds + 0.5)) }

  func measure(_ stage: Stage) throws -> Report.Section {
    var calls = Report.Table(title: "System calls", unit: "a message", isMoreBetter: false)
    var names: [String] = []
    let ways = ways(stage.scale)
    let connections = min(100, stage.scale.connections.min() ?? 100)
    _ = try stage.population()
    for kind in Kind.all(alone: isAlone) {
      stage.progress.step("system calls: \(kind.name)", weight: 2 + 3 * (stage.scale.seconds + 0.5))
      let server = try kind.start(stage)
      defer { server.process.stop() }
      let sockets = Sockets()
      try server.signIn(connections, sockets)
      try server.pairUp(sockets)
      let payload = Payload.candidate(200)
      for connection in 0..<connections {
        try sockets.prepare(connection, server.message(from: connection, payload: payload))
      }
      // What is left to do of the setting up, and memory that grows to its size, are not counted.
      _ = try sockets.relay(
        RelayLoad(underWay: connections, seconds: max(stage.scale.seconds, 0.5)), dialect: type(of: server).dialect,
        payload: payload, server: server.process.id)
      for way in ways {
        var load = way.load
        load.underWay = min(load.underWay, max(connections, load.burst))
        let trace = try SystemCalls(of: server.process.id)
        let result = try sockets.relay(
          load, dialect: type(of: server).dialect, payload: payload, server: server.process.id)
        let counts = try trace.counts()
        calls.add(Double(counts.values.reduce(0, +)) / Double(result.all_messages), way.name, kind.name)
        guard kind.name == BrokerServer.name else { continue }
        let most = counts.sorted { $0.value > $1.value }.prefix(4)
          .map { "\($0.key) \(Figure.text(Double($0.value) / Double(result.all_messages)))" }
        names.append("\(way.name): \(most.joined(separator: ", "))")
      }
    }
    var section = Report.Section(
      title: "System calls",
      method: """
        Counted by strace in all threads of the server while candidates of 200 B are relayed among \(connections) connections. strace slows the \
        server down, so that with many messages under way more of them share a wait for events than otherwise; with one at \
        a time none does. `./mqm measure` counts in the same way with another client.
        """, tables: [calls])
    section.remarks = ["Of mqm-broker's, for each message, \(names.joined(separator: "; "))."]
    section.goals = ways.compactMap { way in
      guard let bound = way.bound, let cell = calls[way.name, BrokerServer.name] else { return nil }
      return .init("system calls a message, \(way.name): at most \(bound)", cell.median, atMost: bound)
    }
    return section
  }
}

/// Counts a process's system calls from when it is made until `counts`.
private final class SystemCalls {
  private let process = Process()
  private let said = Pipe()
  private var text = ""

  init(of server: pid_t) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["strace", "-c", "-f", "-p", "\(server)"]
    process.standardInput = FileHandle.nullDevice
    process.standardError = said
    try process.run()
    while !text.contains("attached") {
      let piece = said.fileHandleForReading.availableData
      guard !piece.isEmpty else { throw BenchFailure("strace could not attach to the server: \(text)") }
      text += String(decoding: piece, as: UTF8.self)
    }
  }

  deinit {
    if process.isRunning { process.terminate() }
  }

  /// By their names.
  func counts() throws -> [String: Int] {
    kill(process.processIdentifier, SIGINT)
    text += String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    // % time, seconds, µs a call, calls, perhaps errors, name
    var counts: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard (5...6).contains(fields.count), Double(fields[0]) != nil, let calls = Int(fields[3]),
        let name = fields.last,
        name != "total"
      else { continue }
      counts[String(name)] = calls
    }
    guard !counts.isEmpty else { throw BenchFailure("strace has counted nothing: \(text)") }
    return counts
  }
}
