import ArgumentParser
import BenchClient
import Foundation

/// What all parts of the bench take.
struct BenchOptions: ParsableArguments {
  @Option(help: "How many rounds; figures are the medians of them.")
  var rounds: Int?

  @Option(help: "Seconds of each measurement of a relay.")
  var seconds: Double?

  @Option(help: ArgumentHelp("Connections that relay, such as 100,9000; even numbers.", valueName: "numbers"))
  var connections: String?

  @Option(help: "Idle connections whose memory is measured.")
  var idle: Int?

  @Flag(help: "Tiny numbers, to see that it works; the figures are worth nothing.")
  var quick = false

  @Flag(help: "Without the servers of others.")
  var alone = false

  @Option(help: ArgumentHelp("Write the report as JSON, too.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Draw the report, too.", valueName: "file"))
  var svg: String?

  @Flag(help: "Print the tables as in docs/performance.md.")
  var markdown = false

  func validate() throws {
    guard (1...100).contains(rounds ?? 1), (0.05...60).contains(seconds ?? 1) else {
      throw ValidationError("1 to 100 rounds, 0.05 to 60 seconds.")
    }
    guard (10...50_000).contains(idle ?? 10) else { throw ValidationError("10 to 50,000 idle connections.") }
    guard counts?.isEmpty != true, (counts ?? []).allSatisfy({ (2...50_000).contains($0) && $0 % 2 == 0 }) else {
      throw ValidationError("Connections are even numbers from 2 to 50,000, separated by commas.")
    }
  }

  private var counts: [Int]? {
    connections.map { $0.split(separator: ",").map { Int($0) ?? 0 } }
  }

  var scale: Scale {
    var scale = quick ? Scale.quick : .full
    if let rounds { scale.rounds = rounds }
    if let seconds { scale.seconds = seconds }
    if let counts { scale.connections = counts }
    if let idle { scale.idle = idle }
    return scale
  }

  func run(_ parts: [any Part], named name: String) throws {
    bench_catch_signals()
    let started = bench_now()
    let root = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    // Beside the build, not in a temporary folder: those may be in memory, where nothing is durable.
    let scratch = root.appending(path: ".build/bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }

    var cores = [Int32](repeating: 0, count: 1_024)
    let count = Int(bench_cores(&cores, Int32(cores.count)))
    guard count >= 2 else { throw ValidationError("Server and client need a core each; there is only one.") }
    let place = Place(root: root, scratch: scratch, serverCore: Int(cores[0]))
    let most = Int(bench_raise_descriptor_limit())
    guard most >= max(scale.connections.max() ?? 0, scale.idle) + 200 else {
      throw ValidationError("This process may open \(most) files only; raise the limit (ulimit -n).")
    }

    var report = Report(
      machine: [
        Machine.description,
        "\(Machine.kernel), \(Machine.load); server on core \(cores[0]), client on core \(cores[1])",
        try Machine.disk(of: scratch),
      ],
      programs: try programs(place), date: Date(), command: commandLine(name))
    bench_pin(cores[1])
    let scale = scale
    let stage = Stage(
      place: place, scale: scale, progress: Progress(weight: parts.reduce(0) { $0 + $1.weight(scale) }))
    do {
      for part in parts { report.sections.append(try part.measure(stage)) }
    } catch let failure as BenchFailure {
      Progress.say("")
      throw failure
    }
    Progress.say("")
    report.seconds = Double(bench_now() - started) / 1e9
    try report.show(markdown: markdown, svg: svg)
    if let json { try report.write(URL(fileURLWithPath: json)) }
  }

  private func commandLine(_ name: String) -> String {
    var line = "./mqm bench" + (name.isEmpty ? "" : " \(name)")
    if quick { line += " --quick" }
    if let rounds { line += " --rounds \(rounds)" }
    if let seconds { line += " --seconds \(seconds)" }
    if let connections { line += " --connections \(connections)" }
    if let idle { line += " --idle \(idle)" }
    if alone { line += " --alone" }
    return line
  }

  private func programs(_ place: Place) throws -> [String] {
    let commit = (try? command("git", ["describe", "--always", "--dirty", "--abbrev=12"])) ?? "unknown"
    var programs = [
      "mqm-broker of commit \(commit.trimmingCharacters(in: .whitespacesAndNewlines)), Swift \(Machine.compiler)"
    ]
    if !alone {
      let versions = [
        try command(SpreedServer.program(place), ["-version"]), try command(NATSServer.program(place), ["--version"]),
      ]
      programs += versions.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
    }
    return programs
  }
}
