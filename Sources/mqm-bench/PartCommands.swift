import ArgumentParser
import Foundation

/// `mqm-bench relay`
struct RelayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "relay", abstract: "Relaying, beside a bare relay and the servers of others, and with TLS.")

  @OptionGroup var options: BenchOptions

  func run() throws { try options.run([RelayPart(isAlone: options.alone)], named: "relay") }
}

/// `mqm-bench calls`
struct CallsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calls", abstract: "System calls for each relayed message.")

  @OptionGroup var options: BenchOptions

  func run() throws { try options.run([CallsPart(isAlone: options.alone)], named: "calls") }
}

/// `mqm-bench memory`
struct MemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory", abstract: "Memory for each idle connection of somebody who is signed in.")

  @OptionGroup var options: BenchOptions

  func run() throws { try options.run([MemoryPart(isAlone: options.alone)], named: "memory") }
}

/// `mqm-bench claims`
struct ClaimsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims", abstract: "Claims for each second, and how long they take.")

  @OptionGroup var options: BenchOptions

  func run() throws { try options.run([ClaimsPart()], named: "claims") }
}

/// `mqm-bench fanout`
struct FanoutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fanout", abstract: "A change of the queue told to 1,000 practitioners, who then race for the request."
  )

  @OptionGroup var options: BenchOptions

  func run() throws { try options.run([FanoutPart()], named: "fanout") }
}

/// `mqm-bench start`
struct StartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Starting with 100,000 consultations on record.")

  @OptionGroup var options: BenchOptions

  func run() throws { try options.run([StartPart()], named: "start") }
}

/// `mqm-bench all`
struct AllCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all", abstract: "All of these but 'record', in about 15 minutes.")

  @OptionGroup var options: BenchOptions

  func run() throws {
    let isAlone = options.alone
    try options.run(
      [
        RelayPart(isAlone: isAlone), CallsPart(isAlone: isAlone), MemoryPart(isAlone: isAlone), ClaimsPart(),
        FanoutPart(), StartPart(),
      ], named: "")
  }
}

/// `mqm-bench report`
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Show a report again that was kept with --json.")

  @Argument(help: "The JSON file.")
  var file: String

  @Option(help: ArgumentHelp("Draw it.", valueName: "file"))
  var svg: String?

  @Flag(help: "Print the tables as in docs/performance.md.")
  var markdown = false

  func run() throws {
    let report = try Report.read(URL(fileURLWithPath: file))
    try report.show(markdown: markdown, svg: svg)
  }
}
