import Simulation
import Testing

struct CampaignTests {
  @Test("No clause is broken in schedules with seeds that nobody chose, and everything happens in them")
  func freshSeeds() async {
    let seed = UInt64.random(in: 0...UInt64(UInt32.max))
    print("simulation seed \(seed)")
    var missing: [String] = []
    // Schedules in which something never happens would prove nothing of it; what is rare may take more of them.
    var coverage = Coverage()
    for part in 0..<20 {
      let result = await Campaign(seed: seed + UInt64(part) * 300, goal: .schedules(300)).run(tasks: 2)
      expectNone(result, "--schedules 1")
      coverage = coverage + result.coverage
      missing = coverage.counts.filter { $0.count == 0 }.map(\.name)
      if missing.isEmpty || result.failure != nil { break }
    }
    #expect(missing.isEmpty, "never happened, seed \(seed)")
  }

  @Test("A crash after each single step of a short schedule breaks nothing")
  func crashAfterEachStep() async {
    let seed = UInt64.random(in: 0...UInt64(UInt32.max))
    print("simulation seed \(seed)")
    let result = await Campaign(seed: seed, goal: .schedules(1), crashes: .afterEachStep).run(tasks: 2)
    #expect(result.coverage.crashes > 50)
    expectNone(result, "--schedules 1 --crash-after-each-step")
  }

  @Test(
    "A fault planted on purpose is found, and its seed finds it again (CU-5.1, CU-6.1, CU-6.2, CU-6.3)",
    arguments: [
      (Fault.personsRuleSkipped, "CU-6.3: a signal passed"),
      (.claimKept, ", not requested"), (.clockStrikesTwice, "forgot whether it struck"),
      (.claimByCache, "CU-6.1: both"), (.claimByCache, "which is not on record"), (.replayGap, "replay: "),
      (.ghost, "CU-5.1: connection"), (.staleSecret, "was used up was accepted again"),
    ])
  func plantedFault(fault: Fault, complaint: String) async throws {
    // The first failure may complain of another consequence of the same fault.
    var seed: UInt64 = 1
    while true {
      let failure = try #require(
        await Campaign(seed: seed, goal: .schedules(400), fault: fault).run(tasks: 1).failure, "not found")
      guard failure.violation.contains(complaint) else {
        #expect(failure.seed < 400, "\(failure.violation)")
        guard failure.seed < 400 else { return }
        seed = failure.seed + 1
        continue
      }
      #expect(!failure.transcript.isEmpty)
      let again = await Campaign(seed: failure.seed, goal: .schedules(1), fault: fault).run(tasks: 1)
      #expect(again.failure == failure)
      return
    }
  }

  @Test("The same seed plays the same schedules, on one core or two")
  func determinism() async {
    let alone = await Campaign(seed: 7, goal: .schedules(120)).run(tasks: 1)
    let together = await Campaign(seed: 7, goal: .schedules(120)).run(tasks: 2)
    #expect(alone.coverage == together.coverage)
  }

  @Test("A campaign goes on until so many consultations were asked for")
  func consultations() async {
    let result = await Campaign(seed: 11, goal: .consultations(150)).run(tasks: 1)
    #expect(result.coverage.consultations >= 150)
    #expect(result.schedules < 300)
  }

  private func expectNone(_ result: Campaign.Result, _ options: String) {
    guard let failure = result.failure else { return }
    Issue.record(
      """
      \(failure.violation)
      again: ./mqm simulate --seed \(failure.seed) \(options)
      \(failure.transcript.joined(separator: "\n"))
      """)
  }
}
