import Accounts
import Foundation
import Logging
import MQMSessions
import Synchronization
import Telemetry
import TestSupport
import Testing
import Transport
import Vault

@testable import Signaling

/// A real broker with a real server on a port of its own, on files in a temporary folder.
final class BrokerFixture: Sendable {
  let accounts: AccountStore
  let broker: Broker
  let log = LogLines()
  let registry = MetricsRegistry()
  private let loop: EventLoop
  private let folder: URL
  private let server = Mutex<Server?>(nil)

  /// A person with a bearer token.
  struct Member: Sendable {
    let id: AccountID
    let email: String
    let token: String

    var json: JSONValue { .string(id.description) }
  }

  static let password = "correct horse battery staple"

  private init(
    _ settings: BrokerSettings, wrap: (SQLiteStore) -> any Store, clock: Broker.Clock
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "broker-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let cost = ScryptCost(rounds: 2, blockSize: 1, parallelism: 1)
    let keyring = MasterKeyring(.file(folder.appending(path: "master.key").path))
    accounts = try AccountStore(
      path: folder.appending(path: "accounts.sqlite").path, keyring: keyring, settings: AccountSettings(cost: cost))
    let keys = try ConsultationKeys(file: folder.appending(path: "keys.sqlite"), keyring: keyring)
    let store = wrap(
      try SQLiteStore(file: folder.appending(path: "record.sqlite"), keys: keys, terms: settings.terms))
    let documents = try DocumentStore(
      file: folder.appending(path: "documents.sqlite"), keys: keys, limits: settings.documents)
    loop = try EventLoop()
    let lines = log
    broker = Broker(
      loop: loop, accounts: accounts, store: store, documents: documents, bus: InProcessBus(), settings: settings,
      files: nil,
      log: Logger(label: "test", factory: { _ in LogCapture(lines: lines) }),
      metrics: BrokerMetrics(registry), clock: clock)
  }

  /// Runs `body` with a broker that has not been started, and ends it.
  static func run(
    _ settings: BrokerSettings = .patient, wrap: (SQLiteStore) -> any Store = { $0 },
    clock: Broker.Clock = .system,
    _ body: (BrokerFixture) async throws -> Void
  ) async throws {
    let fixture = try BrokerFixture(settings, wrap: wrap, clock: clock)
    let result: Result<Void, any Error>
    do { result = .success(try await body(fixture)) } catch { result = .failure(error) }
    await fixture.stop()
    try result.get()
  }

  static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

  /// Begins to listen. Who was created before is known from the start.
  func start() async throws {
    try await broker.start()
    var configuration = ServerConfiguration()
    configuration.allowedOrigins = [TestClient.origin]
    // Other tests may keep all of Swift's threads busy meanwhile.
    configuration.responseTimeout = .seconds(110)
    let server = try Server(configuration: configuration, handler: broker, loop: loop)
    self.server.withLock { $0 = server }
    await broker.allow(origins: configuration.allowedOrigins)
  }

  private func stop() async {
    await broker.flushRecord()
    server.withLock { $0 }?.shutdown()
    loop.stop()
    try? FileManager.default.removeItem(at: folder)
  }

  /// The server, once it listens.
  func listening() throws -> Server { try #require(server.withLock { $0 }) }

  var port: UInt16 { server.withLock { $0?.port } ?? 0 }

  // MARK: People

  func practitioner(_ name: String, rpps: String = "10003456786", verified: Bool = true) async throws -> Member {
    let member = try await add(
      NewAccount(
        givenName: name, familyName: "Martin", email: Self.email(name), password: Self.password, roles: [.practitioner],
        practitioner: .init(rpps: rpps, specialty: "Médecine générale")))
    if verified { try await verify(member, .verified) }
    return member
  }

  func verify(_ practitioner: Member, _ verification: Verification) async throws {
    try await accounts.setVerification(
      of: practitioner.id, to: verification, ground: "test", by: .commandLine, now: Self.now())
  }

  func patient(_ name: String, born: String = "1985-01-01", _ roles: Set<Role> = [.patient]) async throws -> Member {
    try await add(
      NewAccount(
        givenName: name, familyName: "Durand", email: Self.email(name), password: Self.password,
        roles: roles, birthDate: CivilDate(born)))
  }

  /// A child of these parents, with an account of its own.
  func child(_ name: String, of parents: Member...) async throws -> Member {
    let today = CivilDate(inParisAt: Self.now())
    let child = try await patient(name, born: "\(today.year - 9)-01-01")
    for parent in parents {
      try await accounts.link(
        patient: child.id, guardian: parent.id, relation: .parent, by: .commandLine, now: Self.now())
    }
    return child
  }

  private func add(_ new: NewAccount) async throws -> Member {
    let profile = try await accounts.create(new, by: .commandLine, now: Self.now())
    let signedIn = try await accounts.issueToken(for: profile.id, by: .commandLine, now: Self.now())
    return Member(id: profile.id, email: profile.email ?? "", token: signedIn.token.text)
  }

  private static func email(_ name: String) -> String { "\(name.lowercased())@test.example" }

  // MARK: Connections

  /// A connection that has not said hello.
  func connect() async throws -> Peer { try await Peer(port: port) }

  /// A connection that has said hello.
  func connect(_ member: Member) async throws -> Peer {
    let peer = try await connect()
    _ = try await peer.hello(member.token)
    return peer
  }
}

extension BrokerSettings {
  /// For tests, on machines that have much else to do.
  static let patient: BrokerSettings = {
    var settings = BrokerSettings()
    settings.helloTimeout = .seconds(120)
    return settings
  }()
}
