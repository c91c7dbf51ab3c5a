import ArgumentParser
import Foundation
import Load

/// What every run can be told.
struct RunOptions: ParsableArguments {
  @OptionGroup var plan: PlanOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var report: ReportOptions
}

/// How much of what.
struct PlanOptions: ParsableArguments {
  @Option(help: "Consultations a second, on average; they begin independently of one another.")
  var rate = 5.0

  @Option(help: "Seconds that are measured; with a disturbance twice, once before and once with it.")
  var duration = 20.0

  @Option(help: "Seconds of consultations before anything is measured.")
  var warmUp = 3.0

  @Option(help: "Seconds from the start of a consultation to its end.")
  var call = 2.0

  @Option(help: "Share of consultations that are a child's, who is on a device of its own, with a parent on another.")
  var children = 0.2

  @Option(help: "Practitioners that try to claim each consultation; one of them must win.")
  var racers = 1

  @Option(help: "The same seed gives the same times.")
  var seed: UInt64 = 1

  func validate() throws {
    guard rate >= 0, rate <= 10_000 else { throw ValidationError("--rate must be 0 to 10000.") }
    guard duration >= 1, duration <= 86_400 else { throw ValidationError("--duration must be 1 to 86400.") }
    guard warmUp >= 0, warmUp <= 3_600 else { throw ValidationError("--warm-up must be 0 to 3600.") }
    guard call >= 1, call <= 3_600 else { throw ValidationError("--call must be 1 to 3600.") }
    guard (0...1).contains(children) else { throw ValidationError("--children must be 0 to 1.") }
    guard (1...100).contains(racers) else { throw ValidationError("--racers must be 1 to 100.") }
  }

  func plan(_ disturbance: DisturbanceKind? = nil) -> LoadPlan {
    var plan = LoadPlan()
    plan.rate = rate
    plan.duration = .milliseconds(Int64(duration * 1_000))
    plan.warmUp = .milliseconds(Int64(warmUp * 1_000))
    plan.call = .milliseconds(Int64(call * 1_000))
    plan.children = children
    plan.racers = racers
    plan.seed = seed
    plan.disturbance = disturbance
    return plan
  }
}

/// Against which broker.
struct TargetOptions: ParsableArguments {
  @Option(
    help: "A broker that runs, as ws://host:port/v1/ws or wss://…; certificates are not verified. Needs --people.")
  var url: String?

  @Option(
    help: """
      What `mqm-broker account import - --tokens` printed for `mqm-load people`. It has tokens in it: keep it from others. \
      A person may ask 20 times a day.
      """, completion: .file())
  var people: String?

  @Option(
    help: "The mqm-broker to start where there is no --url; by default the one beside this program.",
    completion: .file())
  var broker: String?

  @Option(help: "Folder of the texts that its people agree to.", completion: .directory)
  var legal = "legal"

  @Flag(help: "The broker of its own speaks TLS.")
  var tls = false

  @Argument(parsing: .postTerminator, help: "More options for the broker of its own, after --.")
  var brokerOptions: [String] = []

  func validate() throws {
    guard (url == nil) == (people == nil) else { throw ValidationError("--url and --people go together.") }
    guard url == nil || (broker == nil && brokerOptions.isEmpty && !tls) else {
      throw ValidationError(
        "--broker, --tls and options for it are for a broker that this program starts, not for --url.")
    }
  }
}

/// Where the report goes, besides standard output.
struct ReportOptions: ParsableArguments {
  @Option(help: "Also write the report as JSON.", completion: .file())
  var json: String?

  @Option(help: "Also draw it, as SVG.", completion: .file())
  var picture: String?

  @Flag(help: "No line on standard error every second.")
  var quiet = false
}
