import Foundation

/// (c) Memory for each idle connection of somebody who is signed in.
struct MemoryPart: Part {
  var isAlone = false

  /// Connections before the count begins: with the first of them come pools, caches and code that was not needed before.
  private static let first = 100

  private static let row = "idle, signed in"

  func weight(_ scale: Scale) -> Double {
    Kind.all(alone: isAlone).reduce(0) { $0 + weight($1, scale) * Double(scale.rounds) }
  }

  /// Both ways.
  private func weight(_ kind: Kind, _ scale: Scale) -> Double { 2 + kind.setUp * Double(scale.idle) / 600 }

  func measure(_ stage: Stage) throws -> Report.Section {
    let scale = stage.scale
    let first = min(Self.first, scale.idle / 2)
    var memory = Report.Table(title: "Memory", unit: "KiB a connection", isMoreBetter: false)
    _ = try stage.population()
    for round in 0..<scale.rounds {
      for kind in Kind.inTurn(Kind.all(alone: isAlone), round) {
        stage.progress.step("memory, round \(round + 1) of \(scale.rounds): \(kind.name)", weight: weight(kind, scale))
        memory.add(try each(kind, stage, atOnce: 50), Self.row, kind.name)
        memory.add(try each(kind, stage, atOnce: scale.idle), "signed in all at once", kind.name)
      }
    }
    var section = Report.Section(
      title: "Memory",
      method: """
        Private memory of the server's process (`/proc/PID/smaps_rollup`) with \(scale.idle) idle connections, less that with \(first), \
        divided by the difference. They sign in 50 at a time, and in the second row all at once, which leaves memory behind that was \
        needed for a moment only. What the kernel needs for a socket is not in it, and is the same for all. At the broker half of \
        them are patients, half practitioners, each with an account of their own.
        """, tables: [memory])
    section.goals = [BrokerServer.name, SecureBrokerServer.name].compactMap { name in
      memory[Self.row, name].map {
        .init("KiB for each idle signed-in connection of \(name): at most 6", $0.median, atMost: 6)
      }
    }
    return section
  }

  /// KiB for each connection, of which so many sign in at the same time.
  private func each(_ kind: Kind, _ stage: Stage, atOnce: Int) throws -> Double {
    let count = stage.scale.idle
    let first = min(Self.first, count / 2)
    let server = try kind.start(stage)
    defer { server.process.stop() }
    let sockets = Sockets()
    try server.signIn(first, sockets)
    let before = try settled(server)
    for start in stride(from: first, to: count, by: atOnce) {
      try server.signIn(min(atOnce, count - start), sockets)
    }
    return Double(try settled(server) - before) / Double(count - first) / 1_024
  }

  private func settled(_ server: any RelayServer) throws -> Int {
    usleep(300_000)
    return try server.process.memory()
  }
}
