import ArgumentParser
import Foundation
import TURN

/// `mqm-broker turn check`
struct TurnCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Ask every configured STUN and TURN server for what a browser will ask of it.",
    discussion: """
      For each address of each server: a STUN binding; for a TURN server an allocation with credentials as a seat gets them, \
      over the transport that its address names, which is given back at once. Where 'ice.turn-database-command' gives each \
      consultation a secret of its own, one is added for this check and removed, and must be useless then. The settings are \
      those of 'mqm-broker run', from the same options, environment and file. It ends with 1 if anything fails.

      Run it where patients are, too: from outside of the network in which the servers stand.

      EXAMPLES
        mqm-broker turn check --config broker.json
        mqm-broker turn check --ice-stun stun:stun.example
        mqm-broker turn check --ice-turn 'turn:turn.example:443?transport=udp,turns:turn.example:443?transport=tcp' \\
          --ice-turn-secret /etc/mqm/turn.secret
      """)

  @Option(help: ArgumentHelp("A JSON file with settings.", valueName: "file"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "PEM file with the authorities that may vouch for the servers; by default the system's.", valueName: "file"))
  var ca: String?

  @Argument(parsing: .allUnrecognized, help: "Settings as options; see mqm-broker settings.")
  var settings: [String] = []

  /// How long credentials are good that are made here, in seconds.
  private static let lifetimeSeconds: Int64 = 60
  /// How long a server may take to notice that a secret is gone, in seconds.
  private static let revocationSeconds = 5

  func run() async throws {
    let ice = try await ICEConfiguration(try await Settings(file: config, options: settings))
    guard !ice.stun.isEmpty || !ice.turn.isEmpty else {
      throw ValidationError("There is nothing to check: neither 'ice.stun' nor 'ice.turn' names a server.")
    }
    // A server that closes a TLS connection must not end this process.
    signal(SIGPIPE, SIG_IGN)
    var isFine = report(ice.stun.map { ServerCheck($0, credentials: nil, authorities: ca) })
    if let secret = ice.secret { isFine = try await check(ice, secret) && isFine }
    guard isFine else { throw ExitCode.failure }
  }

  private func check(_ ice: ICEConfiguration, _ secret: TURNSecret) async throws -> Bool {
    guard let database = ice.database else { return report(checks(of: ice.turn, with: secret)) }
    let own = secret.derived(for: "check \(UUID().uuidString)")
    var isFine = await perform("a secret is added to the TURN servers' database") {
      try await database.command.execute(database.table.statements(adding: [own], removing: []))
    }
    guard isFine else { return false }
    isFine = report(checks(of: ice.turn, with: own))
    isFine =
      await perform("it is removed") {
        try await database.command.execute(database.table.statements(adding: [], removing: [own]))
      } && isFine
    // Where nothing was allowed, there is nothing to be refused.
    guard isFine else { return false }
    return try await revoked(ice.turn, own)
  }

  private func checks(of urls: [TURNServerURL], with secret: TURNSecret) -> [ServerCheck] {
    let expiresAt = (Int64(Date().timeIntervalSince1970) + Self.lifetimeSeconds) * 1_000
    let credentials = TURNCredentials(
      secret: secret, bearer: "check-\(UUID().uuidString.lowercased())", expiresAt: expiresAt)
    return urls.map { ServerCheck($0, credentials: credentials, authorities: ca) }
  }

  private func perform(_ what: String, _ work: () async throws -> Void) async -> Bool {
    let start = ContinuousClock.now
    do {
      try await work()
      say("ok      \(what), \(Self.words(.now - start))")
      return true
    } catch {
      say("FAILED  \(what): \(error)")
      return false
    }
  }

  /// Whether credentials of a secret that was removed are refused where they were good before.
  private func revoked(_ urls: [TURNServerURL], _ secret: TURNSecret) async throws -> Bool {
    let start = ContinuousClock.now
    for check in checks(of: urls, with: secret) {
      while !check.run().allSatisfy({ $0.failure == .wrongCredentials }) {
        guard .now - start < .seconds(Self.revocationSeconds) else {
          say("FAILED  \(check.url.text)  \(CheckFailure.stillAllowed(seconds: Self.revocationSeconds))")
          return false
        }
        // Each allocation takes a port of the server's for a moment.
        try await Task.sleep(for: .milliseconds(200))
      }
    }
    say("ok      what was made from it is refused, \(Self.words(.now - start)) after that")
    return true
  }

  /// Each finding as soon as it is there.
  private func report(_ checks: [ServerCheck]) -> Bool {
    var isFine = true
    for check in checks {
      for finding in check.run() {
        isFine = isFine && finding.failure == nil
        say(Self.line(finding, of: check.url))
      }
    }
    return isFine
  }

  private static func line(_ finding: ServerCheck.Finding, of url: TURNServerURL) -> String {
    var parts = [finding.failure == nil ? "ok    " : "FAILED", url.text]
    if let address = finding.address, !url.text.contains(address) { parts.append(address) }
    var said = finding.times.map { "\($0.step.rawValue) \(words($0.duration))" }
    if let mapped = finding.mapped { said.append("seen as \(mapped)") }
    if let relayed = finding.relayed { said.append("relays at \(relayed) (\(relayed.family.rawValue))") }
    if !said.isEmpty { parts.append(said.joined(separator: ", ")) }
    if let failure = finding.failure { parts.append("\(failure)") }
    return parts.joined(separator: "  ")
  }

  private static func words(_ duration: Duration) -> String {
    let (seconds, fraction) = duration.components
    let tenths = seconds * 10_000 + fraction / 100_000_000_000_000
    return "\(tenths / 10).\(tenths % 10) ms"
  }

  private func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }
}
