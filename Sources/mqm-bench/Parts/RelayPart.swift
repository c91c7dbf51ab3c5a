import BenchClient
import Foundation

/// (a) Relaying, side by side with a bare relay and with real servers, and (f) with TLS.
struct RelayPart: Part {
  /// Without the servers of others.
  var isAlone = false

  private struct Size {
    let name: String
    let payload: [UInt8]
  }

  private static let sizes = [
    Size(name: "200 B", payload: Payload.candidate(200)), Size(name: "700 B", payload: Payload.offer(700)),
    Size(name: "4 KiB", payload: Payload.offer(4_096)),
  ]

  private var kinds: [Kind] { Kind.all(alone: isAlone) }

  private func weight(_ kind: Kind, _ connections: Int, _ scale: Scale) -> Double {
    0.5 + kind.setUp * Double(connections) / 1_000 + Double(Self.sizes.count) * (scale.seconds + 0.25)
  }

  func weight(_ scale: Scale) -> Double {
    Double(scale.rounds)
      * scale.connections.reduce(0) { sum, count in sum + kinds.reduce(0) { $0 + weight($1, count, scale) } }
  }

  func measure(_ stage: Stage) throws -> Report.Section {
    let scale = stage.scale
    var speed = Report.Table(title: "Relayed", unit: "messages a second", isMoreBetter: true)
    var cost = Report.Table(
      title: "Processor time of the server", unit: "µs a message", isMoreBetter: false, isDrawn: true)
    var busy = Report.Table(title: "The server's core was busy for", unit: "%", isMoreBetter: true, isDrawn: false)
    var ratio = Report.Table(
      title: "mqm-broker in proportion to others, speed in the same round", unit: "times", isMoreBetter: true,
      isDrawn: false)
    var work = Report.Table(
      title: "mqm-broker in proportion to others, messages for each second of processor time", unit: "times",
      isMoreBetter: true, isDrawn: false)

    for round in 0..<scale.rounds {
      for connections in scale.connections {
        var speeds: [String: [String: (speed: Double, cost: Double)]] = [:]
        for kind in Kind.inTurn(kinds, round) {
          _ = try stage.population()
          stage.progress.step(
            "relay, round \(round + 1) of \(scale.rounds): \(kind.name) with \(connections) connections",
            weight: weight(kind, connections, scale))
          let sizes = round % 2 == 0 ? Self.sizes : Self.sizes.reversed()
          for (size, result) in try relay(kind, connections, sizes, stage) {
            let row = Self.row(size.name, connections)
            let perMessage = 1e6 * result.server_cpu / Double(result.messages)
            speeds[row, default: [:]][kind.name] = (Double(result.messages) / result.seconds, perMessage)
            speed.add(Double(result.messages) / result.seconds, row, kind.name)
            cost.add(perMessage, row, kind.name)
            busy.add(100 * result.server_cpu / result.seconds, row, kind.name)
          }
        }
        for (row, all) in speeds {
          guard let own = all[BrokerServer.name] else { continue }
          for (name, other) in all where name != BrokerServer.name {
            ratio.add(own.speed / other.speed, row, "to \(name)")
            work.add(other.cost / own.cost, row, "to \(name)")
          }
        }
      }
    }
    let rows = Self.sizes.flatMap { size in scale.connections.map { Self.row(size.name, $0) } }
    let subjects = kinds.map(\.name)
    let tables = [speed, cost, ratio, work, busy].map { Self.ordered($0, rows, subjects) }
    var section = Report.Section(
      title: "Relay",
      method: """
        Pairs of WebSocket connections send each other JSON objects of 200 B (a candidate), 700 B and 4 KiB (session descriptions). \
        \(RelayLoad().underWay) messages are on their way at any time, at most one for each connection, and each is sent by the \
        next connection in turn, so that all take part. Server and client have a core each. In each round every server is started anew \
        and set up through its own protocol: for the broker, that is two accounts, a request, a claim and an open room for each pair. \
        Figures are of \(Figure.text(scale.seconds)) s each, after a warm-up. The bare relay (`Sources/bare-relay`) is C on epoll: it takes the \
        mask off and writes to the partner, without JSON, rules, limits, sign-in or TLS.
        """, tables: tables)
    section.goals = goals(tables[0], tables[2], tables[3], tables[1], scale)
    section.remarks = [
      "The broker runs with \(Self.optionsText). Everything else is as delivered.",
      "Where a server's core was not busy all the time the client was the limit, and the processor time tells more than the speed does.",
    ]
    return section
  }

  private static var optionsText: String {
    stride(from: 0, to: BrokerServer.settings.count, by: 2).map {
      "`\(BrokerServer.settings[$0]) \(BrokerServer.settings[$0 + 1])`"
    }.joined(separator: ", ")
  }

  private static func row(_ size: String, _ connections: Int) -> String {
    "\(size), \(Figure.text(Double(connections)).replacingOccurrences(of: ".0", with: "")) connections"
  }

  private static func ordered(_ table: Report.Table, _ rows: [String], _ subjects: [String]) -> Report.Table {
    var table = table
    table.rows.sort { (rows.firstIndex(of: $0.name) ?? 0) < (rows.firstIndex(of: $1.name) ?? 0) }
    for row in table.rows.indices {
      table.rows[row].cells.sort { left, right in
        let place = { (cell: Report.Cell) in subjects.firstIndex { cell.subject.hasSuffix($0) } ?? 0 }
        return place(left) < place(right)
      }
    }
    return table
  }

  private func relay(
    _ kind: Kind, _ connections: Int, _ sizes: [Size], _ stage: Stage
  ) throws -> [(Size, BenchRelayResult)] {
    let server = try kind.start(stage)
    defer { server.process.stop() }
    let sockets = Sockets()
    try server.signIn(connections, sockets)
    try server.pairUp(sockets)
    var load = RelayLoad()
    load.underWay = min(load.underWay, connections)
    load.seconds = stage.scale.seconds
    load.warmUp = min(load.warmUp, load.seconds)
    return try sizes.map { size in
      for connection in 0..<connections {
        try sockets.prepare(connection, server.message(from: connection, payload: size.payload))
      }
      return (
        size,
        try sockets.relay(load, dialect: type(of: server).dialect, payload: size.payload, server: server.process.id)
      )
    }
  }

  // MARK: What was to be reached

  private func goals(
    _ speed: Report.Table, _ ratio: Report.Table, _ work: Report.Table, _ cost: Report.Table, _ scale: Scale
  ) -> [Report.Goal] {
    var goals: [Report.Goal] = []
    for connections in scale.connections {
      for size in ["200 B", "4 KiB"] {
        let row = Self.row(size, connections)
        if let cell = ratio[row, "to \(BareServer.name)"] {
          goals.append(.init("speed, \(row): at least 0.8 of the bare relay", cell.median, atLeast: 0.8))
        }
        if let cell = work[row, "to \(BareServer.name)"] {
          goals.append(
            .init(
              "messages for each second of processor time, \(row): at least 0.8 of the bare relay", cell.median,
              atLeast: 0.8))
        }
      }
    }
    if let few = scale.connections.min(), let many = scale.connections.max() {
      for size in ["200 B", "4 KiB"] {
        for subject in [BrokerServer.name, BareServer.name] {
          guard let low = cost[Self.row(size, few), subject], let high = cost[Self.row(size, many), subject] else {
            continue
          }
          let text = "cost of a message of \(size) with \(many) connections: at most 1.15 of that with \(few)"
          if subject == BrokerServer.name {
            goals.append(.init(text, high.median / low.median, atMost: 1.15))
          } else if let last = goals.popLast() {
            goals.append(
              .init(
                text: last.text,
                measured: "\(last.measured) (the bare relay: \(Figure.text(high.median / low.median)))",
                isReached: last.isReached))
          }
        }
      }
    }
    for (name, size, bound) in [
      (SpreedServer.name, "700 B", 4.0), (SpreedServer.name, "4 KiB", 10), (NATSServer.name, "200 B", 1),
      (NATSServer.name, "700 B", 1), (NATSServer.name, "4 KiB", 1),
    ] {
      let cells = scale.connections.compactMap { ratio[Self.row(size, $0), "to \(name)"]?.median }
      guard let least = cells.min() else { continue }
      goals.append(
        .init(
          "speed, \(size), whatever the connections: at least \(Figure.text(bound)) times \(name)", least,
          atLeast: bound))
    }
    return goals
  }
}
