import BenchClient
import Foundation

/// (e) A change of the queue told to many practitioners, and all of them racing for the request.
struct FanoutPart: Part {
  private static let races = 10

  func weight(_ scale: Scale) -> Double { Double(scale.rounds) * 3 }

  func measure(_ stage: Stage) throws -> Report.Section {
    let scale = stage.scale
    let count = scale.practitioners
    var times = Report.Table(title: "Told to \(count) practitioners", unit: "ms", isMoreBetter: false)
    var race = Report.Table(title: "\(count) practitioners claim the same request", unit: "ms", isMoreBetter: false)
    var races = 0
    var wrong = 0
    for round in 0..<scale.rounds {
      let people = try stage.population()
      stage.progress.step("fan-out and races, round \(round + 1) of \(scale.rounds)", weight: 3)
      let server = try stage.broker()
      defer { server.process.stop() }
      let sockets = Sockets()
      try server.signIn(Array(people.practitioners[..<count]), sockets)
      try server.signIn(Array(people.patients[..<Self.races]), sockets)
      for number in 0..<Self.races {
        let body = BrokerServer.request(for: people.patients[number], "unassigned")
        let start = bench_now()
        try sockets.send(count + number, BrokerServer.request("request.create", id: 1_000_000, body: body))
        let made = try told(count, of: sockets, answers: 1)
        times.add(Double(made.first - start) / 1e6, "a new request, first", BrokerServer.name)
        times.add(Double(made.last - start) / 1e6, "a new request, last", BrokerServer.name)

        let id = try BrokerServer.consultation(in: made.answer)
        let claimed = bench_now()
        for practitioner in 0..<count {
          try sockets.send(
            practitioner, BrokerServer.request("request.claim", id: 1_000_000, body: #"{"consultation":"\#(id)"}"#))
        }
        let decided = try told(count, of: sockets, answers: count)
        race.add(Double(decided.won - claimed) / 1e6, "the winner has the answer", BrokerServer.name)
        race.add(Double(decided.lastAnswer - claimed) / 1e6, "all have theirs", BrokerServer.name)
        races += 1
        if decided.accepted != 1 { wrong += 1 }
      }
    }
    var section = Report.Section(
      title: "Queue and races",
      method: """
        \(count) practitioners are connected, each signed in. A patient asks: from the request to the first and to the last practitioner \
        who has the new card, the record's flush to the disk included. Then all of them claim it at once: from the first claim to the answers. \
        \(Self.races) times in each round.
        """, tables: [times, race])
    section.goals = [
      .init(
        text: "one winner for each claim with \(count) racing",
        measured: "\(races - wrong) of \(races) races", isReached: wrong == 0)
    ]
    return section
  }

  private struct Told {
    var first: UInt64 = 0
    var last: UInt64 = 0
    var answer = ""
    var accepted = 0
    var won: UInt64 = 0
    var lastAnswer: UInt64 = 0
  }

  /// Waits until each of the first `count` connections has an event of the queue, and as many answers have come.
  private func told(_ count: Int, of sockets: Sockets, answers: Int) throws -> Told {
    var result = Told()
    var heard = [Bool](repeating: false, count: count)
    var missing = count
    var open = answers
    try sockets.receive("the queue's events", until: missing == 0 && open == 0) { connection, bytes in
      let now = bench_now()
      if Reply.number(bytes) == 1_000_000 {
        open -= 1
        result.lastAnswer = now
        guard Reply.isAccepted(bytes) else { return }
        result.accepted += 1
        result.won = now
        result.answer = String(decoding: bytes, as: UTF8.self)
      } else if connection < count, !heard[connection], Event.isQueue(bytes) {
        heard[connection] = true
        missing -= 1
        if result.first == 0 { result.first = now }
        result.last = now
      }
    }
    return result
  }
}

/// What is read of an event of the broker's without reading it all.
private enum Event {
  private static let queue = Array(#""type":"queue""#.utf8)

  static func isQueue(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let comma = bytes.prefix(32).firstIndex(of: UInt8(ascii: ",")) else { return false }
    return bytes[(comma + 1)...].starts(with: queue)
  }
}
