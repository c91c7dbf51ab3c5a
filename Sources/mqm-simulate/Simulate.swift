import ArgumentParser
import Foundation
import Simulation

@main
struct Simulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mqm-simulate",
    abstract: "Drives the broker's core with random schedules and checks every step against the domain.",
    discussion: """
      A schedule is a handful of people on pages who connect, request, claim, refuse, open, join, signal, hand over \
      documents and leave in random order, over a network that delays, reorders and breaks; the record decides in between, \
      time passes, somebody sets the clock, sessions are resumed or not, and the process dies. An oracle written from the \
      domain document alone judges each step, and what each page was told. A failure prints its seed and a transcript.

      Examples:
        mqm-simulate --consultations 1000000
        mqm-simulate --seed 42 --schedules 1      plays schedule 42 again, exactly
        mqm-simulate --crash-after-each-step --schedules 20
        mqm-simulate --fault claim-by-cache       must fail, within seconds
      """)

  @Option(help: "How many schedules to play; 1,000,000 consultations if neither is given.")
  var schedules: Int?

  @Option(help: "How many consultations to simulate; a schedule has two or three.")
  var consultations: Int?

  @Option(help: "The seed of the first schedule; the next one's is one more. Drawn and printed if it is left out.")
  var seed: UInt64?

  @Option(help: "How many schedules to play at the same time; one for each core if it is left out.")
  var tasks: Int?

  @Flag(help: "Play short schedules, each again and again, with a crash after its first step, its second, to its last.")
  var crashAfterEachStep = false

  @Option(
    help: """
      Plant a fault on purpose. persons-rule-skipped: signals pass whoever is missing. claim-kept: a patient who leaves a \
      practitioner stays with them. clock-strikes-twice: a deadline runs out again. claim-by-cache: a claim is answered \
      before the store has decided. replay-gap: an event is left out of a replay. ghost: nobody notices who is not heard \
      of. stale-secret: a secret that was used up is accepted again. Shows that the oracle notices; the exit code is 1, as \
      for any failure.
      """)
  var fault: Fault?

  func validate() throws {
    guard (schedules ?? 1) > 0, (consultations ?? 1) > 0, (tasks ?? 1) > 0 else {
      throw ValidationError("--schedules, --consultations and --tasks must be at least 1.")
    }
    guard schedules == nil || consultations == nil else {
      throw ValidationError("Give either --schedules or --consultations.")
    }
  }

  func run() async throws {
    let seed = seed ?? UInt64.random(in: 0...UInt64(UInt32.max))
    let goal: Campaign.Goal = schedules.map { .schedules($0) } ?? .consultations(consultations ?? 1_000_000)
    let campaign = Campaign(
      seed: seed, goal: goal, fault: fault, crashes: crashAfterEachStep ? .afterEachStep : .atRandom)
    print("seed \(seed), \(goal.text)\(fault.map { ", with a fault: \($0.rawValue)" } ?? "")")
    let meter = ProgressMeter(goal: goal)
    let result = await campaign.run(tasks: tasks ?? ProcessInfo.processInfo.activeProcessorCount) { meter.show($0) }
    meter.finish()

    for (name, count) in result.coverage.counts { print("  \(name): \(count)") }
    guard let failure = result.failure else {
      return print(
        "\(result.coverage.consultations) consultations in \(result.schedules) schedules, \(result.coverage.steps) steps, "
          + "in \(meter.seconds) s: no clause broken")
    }
    for line in failure.transcript { print(line) }
    print("BROKEN: \(failure.violation)")
    let rest = (fault.map { " --fault \($0.rawValue)" } ?? "") + (crashAfterEachStep ? " --crash-after-each-step" : "")
    print("again: mqm-simulate --seed \(failure.seed) --schedules 1\(rest)")
    throw ExitCode.failure
  }
}

extension Campaign.Goal {
  fileprivate var text: String {
    switch self {
    case .schedules(let count): "\(count) schedules"
    case .consultations(let count): "\(count) consultations"
    }
  }
}

extension Fault: ExpressibleByArgument {}
