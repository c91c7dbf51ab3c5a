import BenchClient
import Foundation

/// (d) Claims, each on disk before it is answered.
struct ClaimsPart: Part {
  fileprivate static let practitioners = 50
  /// As many as a patient may have under way.
  fileprivate static let requestsPerPatient = 3
  private static let alone = "one at a time"
  private static let together = "\(practitioners) at a time"
  private static let even = "evenly, at half that rate"

  func weight(_ scale: Scale) -> Double { Double(scale.rounds) * (3 + Double(scale.claims) / 300) }

  func measure(_ stage: Stage) throws -> Report.Section {
    let scale = stage.scale
    var speed = Report.Table(title: "Claims", unit: "a second", isMoreBetter: true)
    var latency = Report.Table(title: "From a claim to its answer", unit: "ms", isMoreBetter: false)
    for round in 0..<scale.rounds {
      _ = try stage.population()
      stage.progress.step("claims, round \(round + 1) of \(scale.rounds)", weight: 3 + Double(scale.claims) / 300)
      let hall = try Hall(stage, patients: 2 * scale.claims / Self.requestsPerPatient)
      defer { hall.server.process.stop() }
      let quarter = hall.requests.count / 4
      let first = try hall.claim(hall.requests[..<quarter], atOnce: 1)
      let second = try hall.claim(hall.requests[quarter..<3 * quarter], atOnce: Self.practitioners)
      let rate = second.perSecond / 2
      let last = try hall.claim(hall.requests[(3 * quarter)...], perSecond: rate)
      speed.add(first.perSecond, Self.alone, BrokerServer.name)
      speed.add(second.perSecond, Self.together, BrokerServer.name)
      for (name, run) in [(Self.alone, first), (Self.together, second), (Self.even, last)] {
        latency.add(run.quantile(0.5), name, "median")
        latency.add(run.quantile(0.99), name, "99 of 100")
        latency.add(run.quantile(1), name, "worst")
      }
    }
    return Report.Section(
      title: "Claims",
      method: """
        \(Self.practitioners) practitioners claim requests that are before everybody. Each claim is in the record, on disk (write-ahead log, \
        flushed), before it is answered, and everybody else is told. One at a time, and one of each practitioner at a time: the next \
        claim follows the answer. Evenly: at half the speed of the latter whatever is answered, counted from when each claim was due.
        """, tables: [speed, latency])
  }
}

/// A broker with requests before everybody, and practitioners.
private final class Hall {
  struct Run {
    let milliseconds: [Double]
    let perSecond: Double

    init(_ milliseconds: [Double], nanoseconds: UInt64) {
      self.milliseconds = milliseconds.sorted()
      perSecond = Double(milliseconds.count) / (Double(nanoseconds) / 1e9)
    }

    func quantile(_ part: Double) -> Double {
      milliseconds[min(milliseconds.count - 1, Int(part * Double(milliseconds.count)))]
    }
  }

  let server: BrokerServer
  let requests: [String]
  private let sockets = Sockets()
  private let practitioners: Range<Int>

  init(_ stage: Stage, patients count: Int) throws {
    server = try stage.broker()
    let people = try stage.population()
    try server.signIn(Array(people.patients[..<count]), sockets)
    let patients = Array(0..<count)
    var made: [String] = []
    for _ in 0..<ClaimsPart.requestsPerPatient {
      made += try server.request("request.create", from: patients, sockets) {
        BrokerServer.request(for: people.patients[$0], "unassigned")
      }
    }
    requests = try made.map(BrokerServer.consultation)
    let all = min(ClaimsPart.practitioners, people.practitioners.count)
    practitioners = count..<count + all
    try server.signIn(Array(people.practitioners[..<all]), sockets)
  }

  /// Each practitioner's next claim follows the answer to the one before.
  func claim(_ requests: ArraySlice<String>, atOnce: Int) throws -> Run {
    let start = bench_now()
    var next = requests.startIndex
    var sent: [Int: UInt64] = [:]
    var times: [Double] = []
    let send = { [self] (connection: Int) in
      guard next < requests.endIndex else { return }
      sent[next] = bench_now()
      try sockets.send(connection, claim(requests[next], next))
      next += 1
    }
    for connection in practitioners.prefix(atOnce) { try send(connection) }
    var answered: [Int] = []
    while times.count < requests.count {
      answered.removeAll(keepingCapacity: true)
      try sockets.poll(milliseconds: 1_000) { connection, bytes in
        guard let number = Self.answered(bytes), let time = sent.removeValue(forKey: number) else { return }
        times.append(Double(bench_now() - time) / 1e6)
        answered.append(connection)
      }
      for connection in answered { try send(connection) }
      if bench_now() - start > 120_000_000_000 { throw BenchFailure("claims were not answered") }
    }
    return Run(times, nanoseconds: bench_now() - start)
  }

  /// Claims are made at a rate, whatever is answered.
  func claim(_ requests: ArraySlice<String>, perSecond: Double) throws -> Run {
    let start = bench_now()
    let interval = 1e9 / perSecond
    var due: [Int: UInt64] = [:]
    var next = requests.startIndex
    var times: [Double] = []
    while times.count < requests.count {
      let now = bench_now()
      while next < requests.endIndex {
        let time = start + UInt64(interval * Double(next - requests.startIndex))
        guard time <= now else { break }
        due[next] = time
        try sockets.send(practitioners.lowerBound + next % practitioners.count, claim(requests[next], next))
        next += 1
      }
      // The client has a core of its own, and does not sleep beyond what is due.
      try sockets.poll(milliseconds: next < requests.endIndex ? 0 : 100) { _, bytes in
        guard let number = Self.answered(bytes), let time = due.removeValue(forKey: number) else { return }
        times.append(Double(bench_now() - time) / 1e6)
      }
      if now - start > 120_000_000_000 { throw BenchFailure("claims were not answered") }
    }
    return Run(times, nanoseconds: bench_now() - start)
  }

  /// Numbers of claims are beyond those of other requests.
  private static let offset = 1_000_000

  private func claim(_ request: String, _ number: Int) -> Message {
    BrokerServer.request("request.claim", id: Self.offset + number, body: #"{"consultation":"\#(request)"}"#)
  }

  /// The number of the claim that was answered, and won.
  private static func answered(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let number = Reply.number(bytes), number >= offset, Reply.isAccepted(bytes) else { return nil }
    return number - offset
  }
}

/// What is read of a reply of the broker's without reading it all.
enum Reply {
  private static let start = Array(#"{"re":"#.utf8)
  private static let accepted = Array(#""ok":true"#.utf8)

  static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard bytes.starts(with: start) else { return nil }
    var number = 0
    for byte in bytes.dropFirst(start.count) {
      guard case UInt8(ascii: "0")...UInt8(ascii: "9") = byte else { return number }
      number = number * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return nil
  }

  static func isAccepted(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let comma = bytes.firstIndex(of: UInt8(ascii: ",")) else { return false }
    return bytes[(comma + 1)...].starts(with: accepted)
  }
}
