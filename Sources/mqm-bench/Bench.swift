import ArgumentParser

@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mqm-bench",
    abstract: "Measure the broker's parts on this machine.",
    discussion: """
      Example:
        ./mqm bench record
      """,
    subcommands: [RecordBench.self])
}
