import ArgumentParser
import Simulation

@main
struct Simulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mqm-simulate",
    abstract: "Drives the rules of a teleconsultation with random schedules and checks every step against the domain.",
    discussion: """
      A schedule is a handful of people who connect, request, claim, refuse, open, join, signal, hand over documents, \
      leave, crash and come back in random order, with the record's decisions in between, while time passes and somebody \
      sets the clock. An oracle written from the domain document alone judges each step. A failure prints its seed and a \
      transcript.

      Examples:
        mqm-simulate --schedules 10000
        mqm-simulate --seed 42 --schedules 1      plays schedule 42 again, exactly
        mqm-simulate --fault claim-kept           must fail, within seconds
      """)

  @Option(help: "How many schedules to play.")
  var schedules = 1_000_000

  @Option(help: "The seed of the first schedule; the next one's is one more. Drawn and printed if it is left out.")
  var seed: UInt64?

  @Option(help: "How many schedules to play at the same time.")
  var tasks = 2

  @Option(
    help: """
      Plant a fault on purpose. persons-rule-skipped: signals pass whoever is missing. claim-kept: a patient who leaves a \
      practitioner stays with them. clock-strikes-twice: a deadline runs out again. Shows that the oracle notices; the \
      exit code is 1, as for any failure.
      """)
  var fault: Fault?

  func validate() throws {
    guard schedules > 0, tasks > 0 else { throw ValidationError("--schedules and --tasks must be at least 1.") }
  }

  func run() async throws {
    let seed = seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
    let campaign = Campaign(seed: seed, schedules: schedules, fault: fault)
    print("seed \(seed), \(schedules) schedules\(fault.map { ", with a fault: \($0.rawValue)" } ?? "")")
    let meter = ProgressMeter(total: schedules)
    let result = await campaign.run(tasks: tasks) { meter.show($0) }
    meter.finish()

    for (name, count) in result.coverage.counts { print("  \(name): \(count)") }
    guard let failure = result.failure else {
      return print("\(result.schedules) schedules in \(meter.seconds) s: no clause broken")
    }
    for line in failure.transcript { print(line) }
    print("BROKEN: \(failure.violation)")
    print("again: mqm-simulate --seed \(failure.seed) --schedules 1\(fault.map { " --fault \($0.rawValue)" } ?? "")")
    throw ExitCode.failure
  }
}

extension Fault: ExpressibleByArgument {}
