import Accounts
import Foundation
import Logging
import MQMSessions
import Synchronization
import Telemetry
import TestSupport
import Transport
import Vault

@testable import Signaling

/// A whole broker of this process, on files in a temporary folder and a port of its own, with a few people.
final class FuzzedBroker: Sendable {
  static let shared: FuzzedBroker = {
    let made = Handover<FuzzedBroker>()
    Task.detached {
      do { made.leave(try await FuzzedBroker()) } catch { fatalError("no broker: \(error)") }
    }
    let broker = made.take()
    atexit { try? FileManager.default.removeItem(at: FuzzedBroker.folder) }
    return broker
  }()

  private static let folder = FileManager.default.temporaryDirectory.appending(path: "mqm-fuzz-\(getpid())")

  let port: UInt16
  /// By the letter that stands for them in an input: practitioner, guardian, child, operator.
  let tokens: [Character: String]
  /// By the letter that stands for them after a `$`.
  let ids: [Character: String]
  private let broker: Broker
  private let server: Server
  private let errors: ErrorLog

  private init() async throws {
    let folder = Self.folder
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let keyring = MasterKeyring(.file(folder.appending(path: "master.key").path))
    let accounts = try AccountStore(
      path: folder.appending(path: "accounts.sqlite").path, keyring: keyring,
      settings: AccountSettings(cost: ScryptCost(rounds: 2, blockSize: 1, parallelism: 1)))
    let keys = try ConsultationKeys(file: folder.appending(path: "keys.sqlite"), keyring: keyring)
    let settings = BrokerSettings()
    let store = try SQLiteStore(file: folder.appending(path: "record.sqlite"), keys: keys, terms: settings.terms)
    let documents = try DocumentStore(
      file: folder.appending(path: "documents.sqlite"), keys: keys, limits: settings.documents)
    let loop = try EventLoop()
    let errors = ErrorLog()
    self.errors = errors
    broker = Broker(
      loop: loop, accounts: accounts, store: store, documents: documents, bus: InProcessBus(), settings: settings,
      files: nil, log: Logger(label: "fuzz", factory: { _ in ErrorLogHandler(errors: errors) }),
      metrics: BrokerMetrics(MetricsRegistry()), clock: .system)

    let now = Int64(Date().timeIntervalSince1970 * 1_000)
    let today = Accounts.CivilDate(inParisAt: now)
    func add(_ name: String, _ roles: Set<Role>, born: String?, _ rpps: String? = nil) async throws -> AccountID {
      try await accounts.create(
        NewAccount(
          givenName: name, familyName: "Martin", email: "\(name.lowercased())@test.example",
          password: "correct horse battery staple", roles: roles, birthDate: born.map(Self.date),
          practitioner: rpps.map { try .init(rpps: $0, specialty: "Médecine générale") }),
        by: .commandLine, now: now
      ).id
    }
    let people: [(Character, AccountID)] = [
      ("P", try await add("Anne", [.practitioner], born: nil, "10003456786")),
      ("G", try await add("Marc", [.guardian, .patient], born: "1985-01-01")),
      ("C", try await add("Lea", [.patient], born: "\(today.year - 9)-01-01")),
      ("O", try await add("Olga", [.operator], born: nil)),
    ]
    var tokens: [Character: String] = [:]
    for (letter, id) in people {
      tokens[letter] = try await accounts.issueToken(for: id, by: .commandLine, now: now).token.text
    }
    ids = Dictionary(uniqueKeysWithValues: people.map { ($0, "\($1)") })
    self.tokens = tokens
    try await accounts.setVerification(of: people[0].1, to: .verified, ground: "test", by: .commandLine, now: now)
    try await accounts.link(patient: people[2].1, guardian: people[1].1, relation: .parent, by: .commandLine, now: now)
    try await accounts.setAttending(of: people[2].1, to: people[0].1, by: .commandLine, now: now)
    try await broker.start()
    var configuration = ServerConfiguration()
    configuration.allowedOrigins = [TestClient.origin]
    configuration.trustedProxies = ["127.0.0.1"]
    server = try Server(configuration: configuration, handler: broker, loop: loop)
    port = server.port
    await broker.allow(origins: configuration.allowedOrigins)
  }

  private static func date(_ text: String) -> Accounts.CivilDate {
    guard let date = try? Accounts.CivilDate(text) else { fatalError("there is no such day: \(text)") }
    return date
  }

  /// Replaces `$` and a letter by the id of a person and `$R` by the consultation.
  func fill(_ text: String, consultation: String = "") -> String {
    guard text.contains("$") else { return text }
    var filled = text
    for (letter, id) in ids { filled = filled.replacing("$\(letter)", with: id) }
    return filled.replacing("$R", with: consultation)
  }

  /// Stops the process if the broker logged an error: nothing that comes from outside may be one.
  func checkLog(_ input: @autoclosure () -> String) {
    let lines = errors.take()
    FuzzTarget.check(lines.isEmpty, "the broker logged \(lines) after \(input())")
  }
}

/// The lines of level error.
private final class ErrorLog: Sendable {
  private let lines = Mutex<[String]>([])

  func append(_ line: String) { lines.withLock { $0.append(line) } }

  func take() -> [String] {
    lines.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }
}

private struct ErrorLogHandler: LogHandler {
  let errors: ErrorLog
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .error

  func log(event: LogEvent) { errors.append("\(event.message) \(event.metadata ?? [:])") }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }
}
