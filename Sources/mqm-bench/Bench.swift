import ArgumentParser

@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mqm-bench",
    abstract: "Measure the broker on this machine, side by side with others.",
    discussion: """
      Examples:
        ./mqm bench                                       everything, in about 15 minutes
        ./mqm bench --json bench.json --svg bench.svg     and kept
        ./mqm bench relay --rounds 3                      one part of it
        ./mqm bench report bench.json --markdown          the tables of docs/performance.md
        ./mqm bench record                                verifying a record of a million events
      """,
    subcommands: [
      AllCommand.self, RelayCommand.self, CallsCommand.self, MemoryCommand.self, ClaimsCommand.self, FanoutCommand.self,
      StartCommand.self, RecordBench.self, ReportCommand.self,
    ],
    defaultSubcommand: AllCommand.self)
}
