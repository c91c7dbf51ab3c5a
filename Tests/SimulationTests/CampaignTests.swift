import Simulation
import Testing

struct CampaignTests {
  @Test("No clause is broken in a few thousand schedules with seeds that nobody chose")
  func freshSeeds() async {
    let seed = UInt64.random(in: 0...UInt64(UInt32.max))
    print("simulation seed \(seed)")
    let result = await Campaign(seed: seed, schedules: 2_000).run(tasks: 2)
    #expect(result.schedules == 2_000)
    if let failure = result.failure {
      Issue.record(
        """
        \(failure.violation)
        again: ./mqm simulate --seed \(failure.seed) --schedules 1
        \(failure.transcript.joined(separator: "\n"))
        """)
    }
    // Schedules in which nothing happens would prove nothing.
    for (name, count) in result.coverage.counts {
      #expect(count > 0, "\(name) never happened, seed \(seed)")
    }
  }

  @Test("A fault planted on purpose, signals past the persons rule, is found, and its seed finds it again (CU-6.3)")
  func plantedFault() async throws {
    let result = await Campaign(seed: 1, schedules: 500, fault: .personsRuleSkipped).run(tasks: 1)
    let failure = try #require(result.failure)
    #expect(failure.violation.hasPrefix("CU-6.3: a signal passed"))
    #expect(!failure.transcript.isEmpty)
    let again = await Campaign(seed: failure.seed, schedules: 1, fault: .personsRuleSkipped).run(tasks: 1)
    #expect(again.failure == failure)
  }

  @Test(
    "A fault planted in the record, a claim kept or a clock that strikes twice, is found, and found again (CU-6.1, CU-6.2)",
    arguments: [(Fault.claimKept, ", not requested"), (.clockStrikesTwice, "forgot whether it struck")])
  func plantedInRecord(fault: Fault, complaint: String) async throws {
    let failure = try #require(await Campaign(seed: 1, schedules: 500, fault: fault).run(tasks: 1).failure)
    #expect(failure.violation.contains(complaint), "\(failure.violation)")
    let again = await Campaign(seed: failure.seed, schedules: 1, fault: fault).run(tasks: 1)
    #expect(again.failure == failure)
  }

  @Test("The same seed plays the same schedules, on one core or two")
  func determinism() async {
    let alone = await Campaign(seed: 7, schedules: 600).run(tasks: 1)
    let together = await Campaign(seed: 7, schedules: 600).run(tasks: 2)
    #expect(alone.coverage == together.coverage)
  }
}
