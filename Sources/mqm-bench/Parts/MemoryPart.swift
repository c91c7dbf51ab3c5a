import Foundation

/// (c) Memory for each idle connection of somebody who is signed in.
struct MemoryPart: Part {
  var isAlone = false

  /// Connections before the count begins: with the first of them come pools, caches and code that was not needed before.
  private static let first = 100

  func weight(_ scale: Scale) -> Double {
    Kind.all(alone: isAlone).reduce(0) { $0 + weight($1, scale) * Double(scale.rounds) }
  }

  private func weight(_ kind: Kind, _ scale: Scale) -> Double { 1.5 + kind.setUp * Double(scale.idle) / 1_000 / 1.5 }

  func measure(_ stage: Stage) throws -> Report.Section {
    let scale = stage.scale
    let first = min(Self.first, scale.idle / 2)
    var memory = Report.Table(title: "Memory", unit: "KiB a connection", isMoreBetter: false)
    _ = try stage.population()
    for round in 0..<scale.rounds {
      for kind in Kind.inTurn(Kind.all(alone: isAlone), round) {
        stage.progress.step("memory, round \(round + 1) of \(scale.rounds): \(kind.name)", weight: weight(kind, scale))
        let server = try kind.start(stage)
        defer { server.process.stop() }
        let sockets = Sockets()
        try server.signIn(first, sockets)
        let before = try settled(server)
        try server.signIn(scale.idle - first, sockets)
        let each = Double(try settled(server) - before) / Double(scale.idle - first)
        memory.add(each / 1_024, "idle, signed in", kind.name)
      }
    }
    var section = Report.Section(
      title: "Memory",
      method: """
        Private memory of the server's process (`/proc/PID/smaps_rollup`) with \(scale.idle) idle connections, less that with \(first), \
        divided by the difference. What the kernel needs for a socket is not in it, and is the same for all. At the broker half of \
        them are patients, half practitioners, each with an account of their own.
        """, tables: [memory])
    section.goals = [BrokerServer.name, SecureBrokerServer.name].compactMap { name in
      memory["idle, signed in", name].map {
        .init("KiB for each idle signed-in connection of \(name): at most 6", $0.median, atMost: 6)
      }
    }
    return section
  }

  private func settled(_ server: any RelayServer) throws -> Int {
    usleep(300_000)
    return try server.process.memory()
  }
}
