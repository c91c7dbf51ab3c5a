import ArgumentParser
import Load

struct StormCommand: LoadCommand {
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

  @OptionGroup var options: RunOptions

  func validate() throws {
    guard (20...60_000).contains(clients) else { throw ValidationError("--clients must be 20 to 60000.") }
    guard (0.01...60).contains(jitter) else { throw ValidationError("--jitter must be 0.01 to 60.") }
    guard cut == .clients || options.target.url == nil else {
      throw ValidationError("Only a broker that this program starts can be restarted by it: leave --url out.")
    }
  }

  var plan: LoadPlan {
    let jitter = Duration.milliseconds(Int64(self.jitter * 1_000))
    var plan = options.plan.plan(.storm(clients: clients, spread: jitter, by: cut))
    if cut != .clients { plan.rate = 0 }
    return plan
  }
}

extension DisturbanceKind.Cut: ExpressibleByArgument {}
