import Simulation
import Testing

struct CampaignTests {
  @Test("No clause is broken in a few thousand schedules with seeds that nobody chose")
  func freshSeeds() async {
    let seed = UInt64.random(in: 0...UInt64(UInt32.max))
    print("simulation seed \(seed)")
    let result = await Campaign(seed: seed, schedules: 3_000).run(tasks: 2)
    #expect(result.schedules == 3_000)
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

  @Test("A fault planted on purpose, signals past the persons rule, is found (CU-6.3)")
  func plantedFault() async {
    let result = await Campaign(seed: 1, schedules: 2_000, fault: .personsRuleSkipped).run(tasks: 2)
    #expect(result.failure?.violation.hasPrefix("CU-6.3: a signal passed") == true)
  }

  @Test("The seed of a failure plays it again, line for line")
  func reproduction() async throws {
    let first = await Campaign(seed: 1, schedules: 2_000, fault: .personsRuleSkipped).run(tasks: 2)
    let failure = try #require(first.failure)
    let again = await Campaign(seed: failure.seed, schedules: 1, fault: .personsRuleSkipped).run(tasks: 1)
    #expect(again.failure == failure)
    #expect(!failure.transcript.isEmpty)
  }

  @Test("The same seed plays the same schedules, on one core or two")
  func determinism() async {
    let alone = await Campaign(seed: 7, schedules: 1_000).run(tasks: 1)
    let together = await Campaign(seed: 7, schedules: 1_000).run(tasks: 2)
    #expect(alone.coverage == together.coverage)
  }
}
