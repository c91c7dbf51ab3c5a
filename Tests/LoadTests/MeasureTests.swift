import Foundation
import FoundationXML
import Rooms
import Testing
import Transport

@testable import Load

@Suite struct MeasureTests {
  private let millisecond: UInt64 = 1_000_000

  @Test func `A latency belongs to the phase in which it was to begin`() {
    var recorder = Recorder()
    recorder.record(.relay, from: 1 * millisecond, to: 5 * millisecond)
    recorder.beginPhase(at: 10 * millisecond)
    recorder.record(.relay, from: 9 * millisecond, to: 12 * millisecond)
    recorder.record(.relay, from: 10 * millisecond, to: 12 * millisecond)
    recorder.beginPhase(at: 20 * millisecond)
    recorder.record(.relay, from: 19 * millisecond, to: 25 * millisecond)
    recorder.record(.relay, from: 20 * millisecond, to: 21 * millisecond)
    recorder.pause(at: 30 * millisecond)
    recorder.record(.relay, from: 30 * millisecond, to: 31 * millisecond)
    recorder.record(.relay, from: 29 * millisecond, to: 31 * millisecond)
    #expect(recorder.borders == [10, 20, 20, 30].map { $0 * millisecond })
    #expect(recorder.phases.map { $0[.relay].map(Quantiles.init)?.count } == [2, 2])
    #expect(recorder.phases[0][.relay].map { Quantiles($0).max.rounded() } == 6)
    #expect(recorder.takeSecond()[.relay]?.count == 7)
    #expect(recorder.takeSecond().isEmpty)
  }

  @Test func `Quantiles are those of the values, in milliseconds, to three digits`() throws {
    var recorder = Recorder()
    recorder.beginPhase(at: 0)
    for value in 1...1_000 { recorder.record(.claim, from: 0, to: UInt64(value) * millisecond) }
    // A clock never goes back; if it seems to, that is no time.
    recorder.record(.claim, from: 5, to: 3)
    let values = try #require(recorder.phases[0][.claim].map(Quantiles.init))
    #expect(values.count == 1_001)
    #expect(
      abs(values.p50 - 500) < 2 && abs(values.p90 - 900) < 2 && abs(values.p99 - 990) < 2 && abs(values.max - 1_000) < 2
    )
    let curve = CurvePoint.curve(try #require(recorder.phases[0][.claim]))
    #expect(
      zip(curve, curve.dropFirst()).allSatisfy { $0.milliseconds <= $1.milliseconds && $0.percentile <= $1.percentile })
    #expect(curve.last?.percentile == 100)
  }

  @Test func `Arrivals are as many as they should be, irregular, and the same for the same seed`() {
    let times = { (seed: UInt64) -> [UInt64] in
      var arrivals = Arrivals(rate: 100, seed: seed, from: 0)
      return (0..<10_000).map { _ in
        defer { arrivals.advance() }
        return arrivals.next
      }
    }
    let first = times(7)
    #expect(first == times(7) && first != times(8))
    #expect(abs(Double(first[9_999]) / 1e9 - 100) < 5)
    let gaps = zip(first, first.dropFirst()).map { $1 - $0 }
    // Of exponential gaps 63 % are shorter than the mean.
    #expect((6_100...6_500).contains(gaps.count { $0 < 10_000_000 }))
  }

  @Test func `The longest waiting card comes first, so many try, and one has it`() {
    var desk = Desk(racers: 2)
    let ids = (1...3).map { ConsultationID(high: 0, low: UInt64($0)) }
    for id in ids { desk.see(id) }
    #expect(desk.waiting == 3)
    #expect(desk.next { $0 != ids[0] } == ids[1])
    #expect(desk.next { _ in true } == ids[0])
    #expect(desk.next { _ in true } == ids[0])
    #expect(desk.next { _ in true } == ids[1])
    let answers = [desk.claimed(ids[2]), desk.claimed(ids[2])]
    #expect(answers == [true, false])
    #expect(desk.next { _ in true } == nil)
  }

  @Test func `A consultation is over when all are done, and its books must balance`() {
    let visit = Visit(number: 1, arrival: 0)
    visit.finish(seat: .practitioner, sent: [.patient: 10], received: [.patient: 12], isPractitioner: true)
    visit.finish(seat: .patient, sent: [.practitioner: 12], received: [.practitioner: 9], isPractitioner: false)
    #expect(visit.lostSignals == 1)
    #expect(Visit.number(reason: Visit.reason(42)) == 42)
    #expect(Visit.number(reason: "Fièvre") == nil)
    visit.fail(.signalsLost(1))
    visit.fail(.unfinished)
    #expect(visit.isOver && visit.trouble == .signalsLost(1))
  }

  @Test func `Clients come back when the close frame says`() {
    #expect(Storm.delay(.closed(code: 4_000, reason: #"{"code":"refresh"}"#)) == 0)
    #expect(
      Storm.delay(.closed(code: 4_100, reason: #"{"code":"server_restarting","after_ms":2310}"#)) == 2_310 * millisecond
    )
    #expect(Storm.delay(.closed(code: 4_101, reason: "")) == nil)
    #expect(Storm.delay(.broken(errno: 104)) == nil)
  }

  @Test func `People are made in an order in which they can be imported, and read back`() throws {
    let lines = Cast.importLines(.init(practitioners: 2, adults: 1, families: 1))
    let rows = try lines.map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
    let emails = rows.compactMap { $0["email"] as? String }
    #expect(
      emails == ["practitioner-1", "practitioner-2", "adult-1", "parent-1", "child-1"].map { $0 + "@load.example" })
    let printed = emails.enumerated().map { #"{"email":"\#($1)","id":"\#($0)","token":"t\#($0)"}"# }.joined(
      separator: "\n")
    let cast = try Cast(importOutput: Data((printed + "\n").utf8))
    #expect(cast.size == .init(practitioners: 2, adults: 1, families: 1))
    #expect(cast.families[0].child.token == "t4")
    #expect(throws: Cast.Failure.unreadable(line: 1)) { try Cast(importOutput: Data("{}\n".utf8)) }
    #expect(throws: Cast.Failure.incomplete("no practitioner")) { try Cast(importOutput: Data()) }
  }

  @Test(arguments: [1, 17, 99_999]) func `RPPS numbers pass their check digit`(number: Int) {
    let digits = Cast.rpps(number).reversed().map { $0.wholeNumberValue ?? 0 }
    let sum = digits.enumerated().reduce(0) { sum, digit in
      let value = digit.offset % 2 == 1 ? digit.element * 2 : digit.element
      return sum + value / 10 + value % 10
    }
    #expect(digits.count == 11 && sum % 10 == 0)
  }

  @Test func `Axes are round, and nothing lies outside of them`() {
    let linear = Axis.linear(highest: 1_170, label: "x")
    #expect(linear.ticks.map(\.label) == ["0", "500", "1000", "1500"])
    #expect(linear.place(0) == 0 && linear.place(1_500) == 1 && linear.place(750) == 0.5)
    let powers = Axis.powers(lowest: 0.3, highest: 40)
    #expect(powers.ticks.map(\.label) == ["0.2", "0.5", "1", "2", "5", "10", "20", "50"])
    #expect(powers.place(0.2) == 0 && abs(powers.place(50) - 1) < 1e-9)
    let nines = Axis.nines(highest: 99.9)
    #expect(nines.ticks.map(\.label) == ["0", "50", "90", "99", "99.9"])
    #expect(abs(nines.place(99) - 2.0 / 3) < 1e-9)
  }

  @Test func `A report says how much slower it became, and is drawn as XML`() throws {
    var recorder = Recorder()
    recorder.beginPhase(at: 0)
    for _ in 0..<200 { recorder.record(.relay, from: 0, to: 2 * millisecond) }
    recorder.beginPhase(at: 1_000 * millisecond)
    for _ in 0..<200 { recorder.record(.relay, from: 1_000 * millisecond, to: 1_003 * millisecond) }
    var plan = LoadPlan()
    plan.disturbance = .flood(factor: 10)
    var report = LoadReport(plan: plan, startedAt: Date(timeIntervalSince1970: 0), seconds: 2)
    report.phases = recorder.phases.map { latencies in
      .init(
        name: "a & b", seconds: 1, latencies: latencies.mapValues(Quantiles.init),
        curves: latencies.mapValues(CurvePoint.curve))
    }
    #expect(report.isGood)
    #expect(abs((report.slowdown(of: .relay) ?? 0) - 1.5) < 0.01)
    #expect(report.slowdown(of: .claim) == nil)
    #expect(ReportText.text(report).contains("nothing was lost, doubled or out of order"))
    report.troubles = ["signals out of order": 2]
    #expect(!report.isGood)
    #expect(ReportText.text(report).contains("2 × signals out of order"))
    let parser = XMLParser(data: Data(ReportPicture.svg(report).utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    let json = try #require(try JSONSerialization.jsonObject(with: report.json()) as? [String: Any])
    let phases = try #require(json["phases"] as? [[String: Any]])
    let relay = try #require((phases[1]["latencies"] as? [String: Any])?["relay"] as? [String: Any])
    #expect(relay["count"] as? Int == 200)
  }

  @Test func `A process's use is read from the kernel`() throws {
    let usage = try #require(ServerUsage(pid: ProcessInfo.processInfo.processIdentifier))
    #expect(usage.residentBytes > 1_000_000 && usage.peakBytes >= usage.residentBytes && usage.cpuSeconds >= 0)
    #expect(ServerUsage(pid: 0) == nil)
  }

  @Test func `So many people are made that nobody has to ask too often`() {
    var plan = LoadPlan()
    plan.rate = 20
    plan.duration = .seconds(60)
    plan.children = 0
    let size = plan.size
    #expect(size.adults * 20 >= 20 * 64)
    plan.disturbance = .storm(clients: 1_000, spread: .seconds(1), by: .clients)
    #expect(plan.size.adults >= 950 + size.adults && plan.size.practitioners == size.practitioners + 50)
  }
}
