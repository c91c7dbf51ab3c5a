import ArgumentParser
import Load

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
