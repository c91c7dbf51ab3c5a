import ArgumentParser
import Foundation
import Load

struct ConsultationsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "consultations", abstract: "Whole consultations, from the patient's sign-in to the closure.",
    discussion: "EXAMPLE\n  mqm-load consultations --rate 20 --duration 60 --picture load.svg")

  @OptionGroup var plan: PlanOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var report: ReportOptions

  func run() async throws { try await Runner(plan.plan(), target, report).run() }
}

struct StormCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "storm", abstract: "Cuts thousands of signed-in clients at once, and sees when they are back.",
    discussion: """
      Clients come back as docs/protocol.md says: after what a close frame told them, or else with full jitter. With --cut \
      kill or stop everybody loses the connection, so there are no consultations meanwhile (--rate 0).

      EXAMPLES
        mqm-load storm --clients 5000
        mqm-load storm --clients 5000 --cut kill --duration 15
      """)

  @Option(help: "Signed-in clients to cut; one in twenty is a practitioner.")
  var clients = 1_000

  @Option(help: "clients: their connections break. kill, stop: the broker does, and is started again.")
  var cut = DisturbanceKind.Cut.clients

  @Option(help: "Seconds of the first full jitter; doubled as docs/protocol.md section 9 says, up to 30.")
  var jitter = 0.5

  @OptionGroup var plan: PlanOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard (20...60_000).contains(clients) else { throw ValidationError("--clients must be 20 to 60000.") }
    guard (0.01...60).contains(jitter) else { throw ValidationError("--jitter must be 0.01 to 60.") }
    guard cut == .clients || target.url == nil else {
      throw ValidationError("Only a broker that this program starts can be restarted by it: leave --url out.")
    }
  }

  func run() async throws {
    let jitter = Duration.milliseconds(Int64(self.jitter * 1_000))
    var plan = plan.plan(.storm(clients: clients, spread: jitter, by: cut))
    if cut != .clients { plan.rate = 0 }
    try await Runner(plan, target, report).run()
  }
}

struct FloodCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flood", abstract: "One client sends many times what it may; what do the others notice?",
    discussion: "EXAMPLE\n  mqm-load flood --rate 10 --factor 10")

  @Option(help: "How many times the broker's limit it sends.")
  var factor = 10

  @OptionGroup var plan: PlanOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard (1...1_000).contains(factor) else { throw ValidationError("--factor must be 1 to 1000.") }
  }

  func run() async throws { try await Runner(plan.plan(.flood(factor: factor)), target, report).run() }
}

struct HalfOpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "half-open", abstract: "Connections that send half a request and wait; what do the others notice?")

  @Option(help: "How many at a time; when one is ended, the next is made.")
  var connections = 1_000

  @OptionGroup var plan: PlanOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var report: ReportOptions

  func validate() throws { try checkCount(connections, "--connections") }

  func run() async throws { try await Runner(plan.plan(.halfOpen(connections: connections)), target, report).run() }
}

struct SlowReadersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slow-readers", abstract: "Practitioners whose devices stop reading; what do the others notice?")

  @Option(help: "How many.")
  var clients = 20

  @OptionGroup var plan: PlanOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var report: ReportOptions

  func validate() throws { try checkCount(clients, "--clients") }

  func run() async throws { try await Runner(plan.plan(.slowReaders(clients: clients)), target, report).run() }
}

struct SlowWritersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slow-writers", abstract: "Connections that send a byte a second; what do the others notice?")

  @Option(help: "How many at a time; when one is ended, the next is made.")
  var connections = 1_000

  @OptionGroup var plan: PlanOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var report: ReportOptions

  func validate() throws { try checkCount(connections, "--connections") }

  func run() async throws { try await Runner(plan.plan(.slowWriters(connections: connections)), target, report).run() }
}

struct PeopleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "people", abstract: "Prints people to import into a broker, enough for a run with the same options.",
    discussion: """
      EXAMPLE
        mqm-load people --rate 20 --duration 60 | mqm-broker account import - --tokens --data FOLDER > people.jsonl
      """)

  @OptionGroup var plan: PlanOptions

  @Option(help: "Practitioners; by default as many as the run needs. More are needed for slow-readers and storm.")
  var practitioners: Int?

  @Option(help: "Adult patients; by default as many as the run needs. More are needed for storm.")
  var adults: Int?

  func run() throws {
    var size = plan.plan().size
    size.practitioners = max(1, practitioners ?? size.practitioners)
    size.adults = max(1, adults ?? size.adults)
    for line in Cast.importLines(size) { print(line) }
  }
}

private func checkCount(_ count: Int, _ option: String) throws {
  guard (1...60_000).contains(count) else { throw ValidationError("\(option) must be 1 to 60000.") }
}

extension DisturbanceKind.Cut: ExpressibleByArgument {}
