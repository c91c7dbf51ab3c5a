import Accounts
import ArgumentParser
import Foundation
import Logging
import MQMSessions
import Mail
import Rooms
import ServiceLifecycle
import Signaling
import Telemetry
import Transport
import UnixSignals
import Vault

/// The running broker: everything put together from the settings, from the first file opened to the last flush.
struct BrokerService: Service, CustomStringConvertible {
  /// What ServiceLifecycle logs of it, which would be every member, secrets of the settings among them.
  var description: String { "broker" }

  private let loop: EventLoop
  private let broker: Broker
  private let registry: MetricsRegistry
  private let settings: Settings
  private let configuration: ServerConfiguration
  private let accounts: AccountStore
  private let mail: MailDelivery
  private let maintenance: MaintenanceFile
  private let exporter: RecordExporter
  private let relayLedger: RelayLedger?
  private let publicURL: String?
  private let demo: [DemoData.Person]
  private let log: Logger

  init(settings: Settings, demo: Bool, log: Logger) async throws {
    let host = try settings.text(.host)
    let folder = try DataFolder(path: try settings.text(.data))
    try Self.checkDemo(demo, folder, settings, host: host)
    let keyring = MasterKeyring(
      try MasterKeyChoice.source(
        file: try settings.optionalText(.masterKey), command: try settings.optionalText(.masterKeyCommand),
        standard: folder.masterKey.path))
    accounts = try AccountStore(path: folder.accounts.path, keyring: keyring)
    mail = try MailDelivery(settings, folder: folder)
    publicURL = try settings.optionalText(.publicURL)
    maintenance = MaintenanceFile(folder: folder.url)
    // Nobody gets further than these texts, so there is no broker without them (CU-3).
    let texts = try LegalFolder(path: try settings.text(.legal)).texts()
    let published = try await accounts.publish(texts, by: .commandLine, now: Self.now())
    if published > 0 { log.notice("texts published", metadata: ["count": "\(published)"]) }
    var configuration = try Self.transport(settings, folder: folder, host: host, log: log)
    let terms = try Self.terms(settings)
    let keys = try ConsultationKeys(
      file: try settings.optionalText(.vaultKeys).map { URL(fileURLWithPath: $0) } ?? folder.keys, keyring: keyring)
    let store = try SQLiteStore(
      file: folder.record, keys: keys, terms: terms,
      signingKey: try settings.file(.recordSigningKey) ?? folder.signingKey)
    exporter = try RecordExporter(settings, folder: folder, store: store, log: log)
    var rules = try Self.rules(settings, isSecure: configuration.tls != nil)
    (rules.ice, relayLedger) = try await ICEConfiguration(settings).settings(log: log)
    let documents = try DocumentStore(file: folder.documents, keys: keys, limits: rules.documents)

    self.log = log
    self.settings = settings
    self.demo = demo ? try await DemoData.seed(into: accounts, now: Self.now()) : []
    let files = try settings.optionalText(.web).map { try StaticFiles(folder: $0) }
    loop = try EventLoop()
    registry = MetricsRegistry()
    let metrics = BrokerMetrics(registry)
    configuration.observe = metrics.note
    self.configuration = configuration
    broker = Broker(
      loop: loop, accounts: accounts, store: store, documents: documents, bus: InProcessBus(), settings: rules,
      files: files, log: log, metrics: metrics, clock: .system)
  }

  func run() async throws {
    let operators = try OperatorListener(settings, registry: registry, log: log)
    try await broker.start()
    var watch = MaintenanceWatch(file: maintenance, broker: broker, log: log)
    await watch.follow()
    let server = try Server(configuration: configuration, handler: broker, loop: loop)
    let origins = configuration.allowedOrigins.isEmpty ? ownOrigins(port: server.port) : configuration.allowedOrigins
    server.setAllowedOrigins(origins)
    await broker.allow(origins: origins)
    let office = PostOffice(
      queue: accounts, postman: mail.postman, sender: mail.sender, origin: publicURL ?? origins[0], logger: log)
    operators?.endpoint.begin(with: broker, server)
    greet(port: server.port, operators)
    if configuration.tls == nil, !Self.isLoopback(configuration.host) {
      log.warning(
        "plain HTTP on an address that others can reach: use TLS, or a proxy that speaks it and is the only way in")
    }
    let followed = watch
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await reloadCertificate(of: server) }
      group.addTask { await office.run() }
      group.addTask { await exporter.run() }
      group.addTask { await relayLedger?.run() }
      group.addTask { for await _ in accounts.letterChanges() { office.nudge() } }
      try await untilEnd(followed)
      group.cancelAll()
    }

    log.notice("going down")
    server.beginDraining()
    // What clients have sent is decided, written and answered; what they send from now on is refused as unavailable.
    await broker.flushRecord()
    await relayLedger?.deliver()
    await exporter.finish()
    await broker.beginShutdown()
    await broker.waitUntilClientsAreGone(atMost: .seconds(3))
    operators?.end()
    server.shutdown()
    loop.stop()
    log.notice("record flushed, gone")
  }

  /// Returns when a signal or a maintenance ends the process.
  private func untilEnd(_ watch: MaintenanceWatch) async throws {
    let ending = try await withThrowingTaskGroup(of: Maintenance.Ending?.self) { group in
      group.addTask {
        try await gracefulShutdown()
        return nil
      }
      group.addTask {
        var watch = watch
        return await watch.untilEnd()
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
    let running = await broker.runningConsultations
    switch ending {
    case .empty: log.notice("ending for the announced maintenance: no consultation runs")
    case .limit:
      log.notice("ending for the announced maintenance: its limit has come", metadata: ["running": "\(running)"])
    case nil: watch.leave()
    }
  }

  /// SIGHUP: reads the certificate and its key anew, for new connections.
  private func reloadCertificate(of server: Server) async {
    guard configuration.tls != nil else { return }
    for await _ in await UnixSignalsSequence(trapping: .sighup) {
      server.reloadCertificate()
      log.notice("certificate read anew")
    }
  }

  // MARK: Settings

  private static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

  static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
  }

  /// Everybody knows the password of the demonstration's people: where they are, only this machine may come in.
  private static func checkDemo(_ demo: Bool, _ folder: DataFolder, _ settings: Settings, host: String) throws {
    if demo { try folder.markAsDemo() }
    guard folder.isDemo else { return }
    let origins = try settings.list(.origins).compactMap { URL(string: $0)?.host() }
    guard isLoopback(host), origins.allSatisfy(isLoopback), try settings.list(.proxies).isEmpty else {
      throw ValidationError(
        """
        The data folder '\(folder.url.path)' has the demonstration's accounts, whose password everybody knows: it is for \
        'host' and 'origins' on loopback and without 'proxies' only. Choose another folder with --data.
        """)
    }
  }

  private static func transport(
    _ settings: Settings, folder: DataFolder, host: String, log: Logger
  ) throws -> ServerConfiguration {
    var configuration = ServerConfiguration()
    configuration.host = host
    configuration.port = UInt16(try settings.integer(.port))
    configuration.tls = try tls(settings, folder: folder, host: host)
    configuration.allowedOrigins = try settings.list(.origins)
    configuration.refusal = Problem.response(status:)
    configuration.trustedProxies = try settings.list(.proxies)
    configuration.maximumMessageBytes = try settings.integer(.messageBytes)
    configuration.maximumOutboxBytes = try settings.integer(.outboxBytes)
    configuration.maximumOutboxMessages = try settings.integer(.outboxMessages)
    configuration.maximumConnections = try settings.integer(.connections)
    configuration.maximumConnectionsPerAddress = try settings.integer(.addressConnections)
    configuration.maximumHalfOpen = try settings.integer(.halfOpen)
    configuration.slowReaderClose = (4101, #"{"code":"slow_reader","after_ms":1000}"#)
    configuration.pingAfter = .seconds(try settings.integer(.pingSeconds))
    configuration.hangUpAfter = .seconds(try settings.integer(.hangUpSeconds))
    guard configuration.hangUpAfter > configuration.pingAfter else {
      throw ValidationError("The setting 'time.hang-up' must be longer than 'time.ping'.")
    }
    configuration.log = libraryLog(log)
    return configuration
  }

  static func libraryLog(_ log: Logger) -> @Sendable (LibraryMessage) -> Void {
    { message in log.warning("libwebsockets", metadata: ["says": "\(message.text)"]) }
  }

  private static func tls(_ settings: Settings, folder: DataFolder, host: String) throws -> ServerConfiguration.TLS? {
    let certificate = try settings.optionalText(.tlsCertificate)
    let key = try settings.optionalText(.tlsKey)
    switch (certificate, key, try settings.flag(.tlsDevelopment)) {
    case (let certificate?, let key?, false): return .init(certificateFile: certificate, keyFile: key)
    case (nil, nil, true):
      let made = try DevelopmentCertificate(in: folder.url, host: host)
      return .init(certificateFile: made.certificate, keyFile: made.key)
    case (nil, nil, false): return nil
    case (_, _, true):
      throw ValidationError("Either 'tls.development', or 'tls.certificate' with 'tls.key', not both.")
    default: throw ValidationError("'tls.certificate' and 'tls.key' go together; one of them is missing.")
    }
  }

  private static func rules(_ settings: Settings, isSecure: Bool) throws -> BrokerSettings {
    var rules = BrokerSettings()
    rules.helloTimeout = .seconds(try settings.integer(.helloSeconds))
    rules.presenceTimeout = .seconds(try settings.integer(.hangUpSeconds))
    rules.resumeWindow = .seconds(try settings.integer(.resumeSeconds))
    rules.holdMilliseconds = Int64(try settings.integer(.holdSeconds)) * 1_000
    rules.traffic = try traffic(settings)
    rules.messageBytes = try settings.integer(.messageBytes)
    rules.curatorRequired = try settings.flag(.curatorRequired)
    rules.terms = try terms(settings)
    rules.documents.bytes = try settings.integer(.documentBytes)
    rules.documents.count = try settings.integer(.documentCount)
    let origins = try settings.list(.origins)
    // Behind a proxy that speaks TLS the pages are from https, and so is the cookie.
    rules.secureCookie = isSecure || (!origins.isEmpty && origins.allSatisfy { $0.hasPrefix("https://") })
    rules.restartJitterMilliseconds = Int64(try settings.integer(.restartSeconds)) * 1_000
    return rules
  }

  private static func traffic(_ settings: Settings) throws -> TrafficLimits {
    var traffic = TrafficLimits()
    traffic.connection.messages.perSecond = try settings.integer(.messagesPerSecond)
    traffic.connection.messages.burst = try settings.integer(.burst)
    traffic.connection.bytes.perSecond = try settings.integer(.bytesPerSecond)
    traffic.connection.bytes.burst = 8 * traffic.connection.bytes.perSecond
    traffic.accountShare = try settings.integer(.accountShare)
    traffic.addressShare = try settings.integer(.addressShare)
    traffic.requestsOfAddress.perSecond = try settings.integer(.requestsPerSecond)
    traffic.requestsOfAddress.burst = 10 * traffic.requestsOfAddress.perSecond
    traffic.socketsOfAccount = try settings.integer(.accountSockets)
    traffic.socketsOfAddress = try settings.integer(.addressSockets)
    traffic.waitingBytes = try settings.integer(.waitingBytes)
    return traffic
  }

  private static func terms(_ settings: Settings) throws -> Consultation.Terms {
    let milliseconds = { (key: SettingKey) in Int64(try settings.integer(key)) * 1_000 }
    var terms = Consultation.Terms()
    terms.claimMilliseconds = try milliseconds(.claimSeconds)
    terms.startMilliseconds = try milliseconds(.startSeconds)
    terms.retentionMilliseconds = try milliseconds(.retentionSeconds)
    terms.noticeMilliseconds = try milliseconds(.noticeSeconds)
    terms.documents = try settings.integer(.documentCount)
    return terms
  }

  // MARK: Words

  /// The addresses under which a browser on this machine finds the pages.
  private func ownOrigins(port: UInt16) -> [String] {
    let hosts = Self.isLoopback(configuration.host) ? [configuration.host, "localhost"] : [configuration.host]
    return Set(hosts).sorted().map { origin(host: $0, port: port) }
  }

  /// As browsers write it (RFC 6454, section 6.1): without the port where it is the scheme's own.
  private func origin(host: String, port: UInt16) -> String {
    let host = host.contains(":") ? "[\(host)]" : host
    let isStandard = port == (configuration.tls == nil ? 80 : 443)
    return "\(configuration.tls == nil ? "http" : "https")://\(host)\(isStandard ? "" : ":\(port)")"
  }

  private func greet(port: UInt16, _ operators: OperatorListener?) {
    var lines = ["listening on \(origin(host: configuration.host, port: port))", mail.explanation]
    if let operators { lines.insert(operators.greeting, at: 1) }
    if !demo.isEmpty {
      lines += [
        "", "Sign in with one of these, each in a browser window of its own. The password is \(DemoData.password)", "",
      ]
      lines += demo.map { person in
        "  \(person.email.padding(toLength: 30, withPad: " ", startingAt: 0)) \(person.givenName) \(person.familyName), \(person.part)"
      }
      for person in demo where !person.codes.isEmpty {
        lines += [
          "",
          "\(person.givenName) is asked for a code, too; each of these is good once: \(person.codes.prefix(4).joined(separator: " "))",
        ]
      }
      lines += ["", "Ctrl-C ends it."]
    }
    FileHandle.standardOutput.write(Data((lines.joined(separator: "\n") + "\n").utf8))
  }
}
