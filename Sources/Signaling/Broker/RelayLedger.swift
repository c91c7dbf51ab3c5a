public import Logging
import Rooms
import Synchronization
public import TURN

/// The database from which TURN servers read their secrets.
public protocol TURNDatabase: Sendable {
  /// Carries out SQL statements, all or none. Returns when they are done.
  func execute(_ statements: String) async throws
}

/// Keeps a secret of its own for each open room in the TURN servers' database, and none of rooms that are closed: with the
/// secret goes whatever credentials were made from it.
public final class RelayLedger: Sendable {
  private struct State {
    var wanted: [ConsultationID: TURNSecret] = [:]
    /// What is in the database; nil when that is not known, at the start and after a failure.
    var known: Set<TURNSecret>?
  }

  private let state = Mutex(State())
  private let table: TURNSecretTable
  private let prefix: String
  private let database: any TURNDatabase
  private let log: Logger
  private let changes: AsyncStream<Void>
  private let changed: AsyncStream<Void>.Continuation

  /// The longest pause between two attempts, in seconds.
  private static let longestPauseSeconds = 30

  /// - Parameter secret: from which the rooms' secrets are derived; it tells them from those of others in the table.
  public init(secret: TURNSecret, table: TURNSecretTable, database: any TURNDatabase, log: Logger) {
    self.table = table
    self.database = database
    self.log = log
    prefix = secret.derivedPrefix
    (changes, changed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  // MARK: Rooms

  /// The secret of a room from now on; nil when there is no room any more.
  func set(_ secret: TURNSecret?, for room: ConsultationID) {
    let isNew = state.withLock { state in
      defer { state.wanted[room] = secret }
      return state.wanted[room] != secret
    }
    if isNew { changed.yield() }
  }

  /// Returns when the servers know the room's secret, or after that time.
  func isKnown(_ room: ConsultationID, atMost limit: Duration) async {
    let deadline = ContinuousClock.now.advanced(by: limit)
    while !isKnown(room), ContinuousClock.now < deadline {
      try? await Task.sleep(for: .milliseconds(10))
    }
  }

  private func isKnown(_ room: ConsultationID) -> Bool {
    state.withLock { state in
      guard let secret = state.wanted[room] else { return true }
      return state.known?.contains(secret) == true
    }
  }

  // MARK: The database

  /// Follows the rooms until the task is cancelled. To be called once the rooms of an earlier run are set: what is in the
  /// database of others of this broker is removed.
  public func run() async {
    changed.yield()
    var pause = 1
    for await _ in changes {
      while !Task.isCancelled, await !deliver() {
        try? await Task.sleep(for: .seconds(pause))
        pause = min(pause * 2, Self.longestPauseSeconds)
      }
      pause = 1
    }
  }

  /// Makes the database what it should be, in one attempt.
  ///
  /// - Returns: false if that failed.
  @discardableResult
  public func deliver() async -> Bool {
    while let (statements, wanted) = state.withLock({ statements(for: $0) }) {
      // Whatever happens now, less is known for sure.
      state.withLock { $0.known = nil }
      do {
        try await database.execute(statements)
        state.withLock { $0.known = wanted }
      } catch {
        log.error("TURN servers cannot be told which rooms are open", metadata: ["error": "\(error)"])
        return false
      }
    }
    return true
  }

  /// nil when there is nothing to do.
  private func statements(for state: borrowing State) -> (text: String, wanted: Set<TURNSecret>)? {
    let wanted = Set(state.wanted.values)
    guard let known = state.known else {
      return (table.statements(adding: sorted(wanted), removing: [], replacing: prefix), wanted)
    }
    guard known != wanted else { return nil }
    return (
      table.statements(adding: sorted(wanted.subtracting(known)), removing: sorted(known.subtracting(wanted))), wanted
    )
  }

  private func sorted(_ secrets: Set<TURNSecret>) -> [TURNSecret] { secrets.sorted { $0.text < $1.text } }
}
