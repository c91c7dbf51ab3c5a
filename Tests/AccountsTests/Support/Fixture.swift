import Foundation
import Synchronization
import Vault

@testable import Accounts

/// A store in a temporary folder of its own, with cheap hashes that are counted.
final class Fixture: Sendable {
  let store: AccountStore
  let folder: URL
  let hashing = CountingHashing()
  /// 2026-11-23T02:00:00Z
  static let now: Int64 = 1_795_399_200_000

  init(_ settings: AccountSettings = AccountSettings(cost: .cheap)) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "accounts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    store = try AccountStore(
      path: folder.appending(path: "accounts.sqlite").path,
      keyring: MasterKeyring(.file(folder.appending(path: "master.key").path)), settings: settings, entropy: .system,
      hashing: hashing)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  var path: String { folder.appending(path: "accounts.sqlite").path }
  var masterKeyFile: String { folder.appending(path: "master.key").path }
  /// As another process has it.
  var keyring: MasterKeyring { MasterKeyring(.file(masterKeyFile)) }

  static let password = "correct horse battery"

  func person(
    _ name: String, _ roles: Set<Role> = [.patient], born: String = "1980-01-01", protection: Protection = .none,
    password: String? = nil
  ) async throws -> AccountID {
    let isPatient = roles.contains(.patient)
    let new = try NewAccount(
      givenName: name, familyName: "Test", email: "\(name.lowercased())@test.example", password: password,
      roles: roles, birthDate: isPatient ? CivilDate(born) : nil, protection: protection)
    return try await store.create(new, by: .commandLine, now: Fixture.now).id
  }

  func practitioner(_ name: String, rpps: String) async throws -> AccountID {
    let new = try NewAccount(
      givenName: name, familyName: "Test", email: "\(name.lowercased())@test.example", roles: [.practitioner],
      practitioner: .init(rpps: rpps, specialty: "Médecine générale"))
    return try await store.create(new, by: .commandLine, now: Fixture.now).id
  }

  func link(_ patient: AccountID, _ guardian: AccountID, _ relation: Relation) async throws(AccountRefusal) {
    try await store.link(
      patient: patient, guardian: guardian, relation: relation, by: .commandLine, now: Fixture.now)
  }

  func signIn(
    _ email: String, _ password: String = Fixture.password, kind: Session.Kind = .bearer, address: String = "192.0.2.1",
    now: Int64 = Fixture.now
  ) async throws(AccountRefusal) -> SignedIn {
    try await store.signIn(
      email: email, password: password, address: RemoteAddress(address), kind: kind, now: now)
  }

  /// The bytes of the database and its side files.
  func bytesOnDisk() throws -> Data {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .reduce(into: Data()) { all, file in all.append(try Data(contentsOf: file)) }
  }
}

extension ScryptCost {
  static let cheap = ScryptCost(rounds: 2, blockSize: 1, parallelism: 1)
}

/// scrypt that counts.
final class CountingHashing: PasswordHashing {
  private let done = Mutex(0)
  private let gate = Mutex<DispatchSemaphore?>(nil)

  var count: Int { done.withLock { $0 } }

  /// Makes every hash wait until the gate is signalled.
  func close(with semaphore: DispatchSemaphore?) { gate.withLock { $0 = semaphore } }

  func hash(_ password: Password, salt: [UInt8], cost: ScryptCost) throws -> [UInt8] {
    done.withLock { $0 += 1 }
    gate.withLock { $0 }?.wait()
    return try ScryptHashing().hash(password, salt: salt, cost: cost)
  }
}

/// What is refused, for one line in a test.
func refusal<Value>(_ work: () async throws -> Value) async -> AccountRefusal? {
  do {
    _ = try await work()
    return nil
  } catch {
    return error as? AccountRefusal
  }
}
