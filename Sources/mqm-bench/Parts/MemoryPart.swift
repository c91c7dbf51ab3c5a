import BenchClient
import Foundation

/// (c) Memory for each idle connection of somebody who is signed in.
struct MemoryPart: Part {
  var isAlone = false

  /// Connections before the count begins: with the first of them come pools, caches and code that was not needed before.
  private static let first = 100

  /// Newcomers at a time.
  private static let crowd = 50

  private static let row = "idle, signed in"

  func weight(_ scale: Scale) -> Double {
    Kind.all(alone: isAlone).reduce(0) { $0 + weight($1, scale) * Double(scale.rounds) }
  }

  private func weight(_ kind: Kind, _ scale: Scale) -> Double { 13 + kind.setUp * Double(scale.idle) / 1_200 }

  func measure(_ stage: Stage) throws -> Report.Section {
    let scale = stage.scale
    let first = min(Self.first, scale.idle / 2)
    var memory = Report.Table(title: "Memory", unit: "KiB a connection", isMoreBetter: false)
    _ = try stage.population()
    for round in 0..<scale.rounds {
      for kind in Kind.inTurn(Kind.all(alone: isAlone), round) {
        stage.progress.step("memory, round \(round + 1) of \(scale.rounds): \(kind.name)", weight: weight(kind, scale))
        memory.add(try each(kind, stage), Self.row, kind.name)
      }
    }
    var section = Report.Section(
      title: "Memory",
      method: """
        Private memory of the server's process (`/proc/PID/smaps_rollup`) with \(scale.idle) idle connections, less that with \(first), \
        divided by the difference. They sign in \(Self.crowd) at a time, and have been pinged and have answered. What the kernel needs for a socket is not in it, and is the same for all. At the broker half of \
        them are patients, half practitioners, each with an account of their own.
        """, tables: [memory])
    section.goals = [BrokerServer.name, SecureBrokerServer.name].compactMap { name in
      memory[Self.row, name].map {
        .init("KiB for each idle signed-in connection of \(name): at most 6", $0.median, atMost: 6)
      }
    }
    return section
  }

  /// KiB for each connection.
  private func each(_ kind: Kind, _ stage: Stage) throws -> Double {
    let count = stage.scale.idle
    let first = min(Self.first, count / 2)
    let server = try kind.start(stage)
    defer { server.process.stop() }
    let sockets = Sockets()
    try server.signIn(first, sockets)
    let before = try settled(server, sockets)
    for start in stride(from: first, to: count, by: Self.crowd) {
      try server.signIn(min(Self.crowd, count - start), sockets)
    }
    return Double(try settled(server, sockets) - before) / Double(count - first) / 1_024
  }

  /// Once all have been pinged, which the broker does after four seconds of silence, and have answered.
  private func settled(_ server: any RelayServer, _ sockets: Sockets) throws -> Int {
    let end = bench_now() + 6_000_000_000
    while bench_now() < end { try sockets.poll(milliseconds: 100) { _, _ in } }
    return try server.process.memory()
  }
}
