import GRDB
import Mail
import Synchronization

@testable import Accounts

extension SignUp {
  /// What somebody with a name says of themself.
  static func person(
    _ name: String, _ roles: Set<Role> = [.patient], email: String? = nil, password: String = Fixture.password,
    born: String = "1980-01-01", language: Language = .fr, attending: AttendingChoice = .none, rpps: String? = nil
  ) throws -> SignUp {
    let account = try NewAccount(
      givenName: name, familyName: "Test", email: email ?? "\(name.lowercased())@test.example", password: password,
      roles: roles, birthDate: roles.contains(.patient) ? CivilDate(born) : nil,
      practitioner: rpps.map { try .init(rpps: $0, specialty: "Médecine générale", sector: .two) })
    let address = try PostalAddress(street: "1 rue Test", postalCode: "75001", city: "Paris", country: "FR")
    return try SignUp(account: account, language: language, postalAddress: address, attending: attending)
  }
}

extension Fixture {
  func signUp(
    _ signUp: SignUp, from address: String = "192.0.2.9", now: Int64 = Fixture.now
  ) async throws(AccountRefusal) {
    try await store.signUp(signUp, address: RemoteAddress(address), now: now)
  }

  func confirm(
    _ token: String, _ password: String = Fixture.password, from address: String = "192.0.2.9",
    now: Int64 = Fixture.now
  ) async throws(AccountRefusal) -> SignedIn {
    try await store.confirmRegistration(
      token: token, password: password, address: RemoteAddress(address), device: "Firefox, Linux", now: now)
  }

  /// What waits to be sent to an address, oldest first.
  func letters(to email: String) async throws -> [Letter] {
    try await letters().filter { $0.recipient == email }.map(\.letter)
  }

  /// The token of the last letter to an address that has one; an empty text if there is none.
  func token(to email: String) async throws -> String {
    for letter in try await letters(to: email).reversed() {
      switch letter {
      case .confirmRegistration(_, let token), .resetPassword(let token), .confirmEmail(let token): return token
      default: continue
      }
    }
    return ""
  }

  func deliverLetters(now: Int64 = Fixture.now) async throws {
    for letter in try await letters() { try await store.letterDelivered(letter.id, now: now) }
  }

  /// How many hashes are computed and how many transactions are committed in some work.
  func cost(of work: () async throws -> Void) async throws -> Cost {
    let observer = CommitCounter()
    try await store.database.write { db in db.add(transactionObserver: observer, extent: .observerLifetime) }
    let (hashes, commits) = (hashing.count, observer.count)
    try await work()
    return Cost(hashes: hashing.count - hashes, commits: observer.count - commits)
  }

  struct Cost: Equatable {
    let hashes: Int
    let commits: Int
  }
}

/// Counts the transactions of a database that are committed with a change.
private final class CommitCounter: TransactionObserver, Sendable {
  private let commits = Mutex(0)

  var count: Int { commits.withLock { $0 } }

  /// Transactions that change nothing write nothing.
  private let isChanged = Mutex(false)

  func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
  func databaseDidChange(with event: DatabaseEvent) { isChanged.withLock { $0 = true } }
  func databaseDidCommit(_ db: Database) {
    guard
      isChanged.withLock({ changed in
        defer { changed = false }
        return changed
      })
    else { return }
    commits.withLock { $0 += 1 }
  }
  func databaseDidRollback(_ db: Database) {}
}
