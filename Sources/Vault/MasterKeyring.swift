import Crypto
public import Foundation
import Synchronization

/// The master keys at hand: the current one, and those before it for as long as something is wrapped under them (CU-12.5).
///
/// It follows its source while the process runs. A changed file is noticed at the next use; the command is run again when
/// something is wrapped under a key that is not known yet. From any thread.
public final class MasterKeyring: Sendable {
  private struct State {
    var keys: [MasterKey] = []
    var fingerprint: MasterKeyFile.Fingerprint?
    /// Why the source could not be read the last time.
    var failure: VaultFailure?
  }

  /// Between two times that a source is asked for a key that it did not have.
  private static let askInterval = Duration.seconds(1)
  /// What a check is sealed for: nobody.
  private static let nobody = "00000000-0000-0000-0000-000000000000"
  private static let checkText = Data("mqm vault".utf8)
  private static let wrapping = "data key"
  private static let checking = "check"

  public let source: MasterKeySource
  private let state = Mutex(State())
  /// When the source was asked for a key that it did not have. Held while it is asked, which may take a command's time.
  private let asked = Mutex<ContinuousClock.Instant?>(nil)

  /// Reads nothing yet.
  public init(_ source: MasterKeySource) {
    self.source = source
  }

  /// Reads the keys that are there.
  ///
  /// - Throws: ``VaultFailure/noKey(why:)``.
  public func load() throws(VaultFailure) {
    // Looked at first: what changes while it is read is read again.
    let fingerprint = fingerprint
    do {
      let keys = try source.read()
      state.withLock { $0 = State(keys: keys, fingerprint: fingerprint) }
    } catch {
      state.withLock { $0.failure = error }
      throw error
    }
  }

  /// As ``load()``; makes the file with a new key if nothing is there. To be called only when nothing was sealed yet.
  ///
  /// - Throws: ``VaultFailure``.
  public func loadOrMake() throws(VaultFailure) {
    if case .file(let path) = source { try MasterKeyFile(path: path).makeIfMissing() }
    try load()
  }

  /// The name of the key under which new data keys are wrapped.
  public func currentName() throws(VaultFailure) -> Data {
    try current(following: nil).name
  }

  /// The names of all, the current one first.
  public func names() throws(VaultFailure) -> [Data] {
    try keys().map(\.name)
  }

  // MARK: Data keys

  /// A new data key, and what is to be stored of it: the master key's name (8 bytes) and the key wrapped under it.
  ///
  /// - Parameters:
  ///   - owner: whose it is; the same is needed to open it.
  ///   - check: of the database that it will be stored in: where a rotation is under way, it says under which key.
  /// - Throws: ``VaultFailure/noKey(why:)`` if the key that the check names is not at hand.
  public func makeDataKey(
    of owner: String, following check: Data?
  ) throws(VaultFailure) -> (key: DataKey, wrapped: Data) {
    let key = DataKey(secret: MasterKey().secret, owner: owner)
    return (key, try wrap(key, under: try current(following: check)))
  }

  /// - Throws: ``VaultFailure/wrongKey`` if it is wrapped under a key that is not at hand, or why the keys cannot be read.
  public func openDataKey(_ wrapped: Data, of owner: String) throws(VaultFailure) -> DataKey {
    let bytes = try open(wrapped, plainBytes: 32, as: Self.wrapping, of: owner)
    return DataKey(secret: SymmetricKey(data: bytes), owner: owner)
  }

  /// The same data key under the current master key.
  public func rewrap(_ wrapped: Data, of owner: String) throws(VaultFailure) -> Data {
    try wrap(try openDataKey(wrapped, of: owner), under: try current(following: nil))
  }

  /// Whether there is nothing to wrap again.
  public func isUnderCurrentKey(_ wrapped: Data) throws(VaultFailure) -> Bool {
    wrapped.prefix(MasterKey.nameBytes) == (try currentName())
  }

  private func wrap(_ key: DataKey, under master: MasterKey) throws(VaultFailure) -> Data {
    let bytes = key.secret.withUnsafeBytes { Data($0) }
    return master.name + (try Sealing.seal(bytes, under: master.secret, as: Self.wrapping, of: key.owner))
  }

  // MARK: The check of a database

  /// A text that everybody knows, to tell by it later whether a master key is the one of a database, and which.
  public func sealCheck() throws(VaultFailure) -> Data {
    let master = try current(following: nil)
    return master.name + (try Sealing.seal(Self.checkText, under: master.secret, as: Self.checking, of: Self.nobody))
  }

  /// - Returns: false if the check is sealed under a key that is not at hand.
  public func opensCheck(_ sealed: Data) -> Bool {
    (try? open(sealed, plainBytes: Self.checkText.count, as: Self.checking, of: Self.nobody)) == Self.checkText
  }

  // MARK: The keys

  private func open(
    _ wrapped: Data, plainBytes: Int, as purpose: String, of owner: String
  ) throws(VaultFailure) -> Data {
    // What was wrapped before keys had names.
    if wrapped.count == plainBytes + Sealing.overhead {
      for master in try keys() {
        if let plain = try? Sealing.open(wrapped, under: master.secret, as: purpose, of: owner) { return plain }
      }
      throw .wrongKey
    }
    guard wrapped.count == MasterKey.nameBytes + plainBytes + Sealing.overhead else { throw .wrongKey }
    guard let master = try key(named: wrapped.prefix(MasterKey.nameBytes)) else { throw .wrongKey }
    return try Sealing.open(Data(wrapped.dropFirst(MasterKey.nameBytes)), under: master.secret, as: purpose, of: owner)
  }

  /// The key that a check names; the first one if it names none.
  ///
  /// - Throws: ``VaultFailure/noKey(why:)`` if the one that it names is not at hand: what is wrapped under another would be
  ///   lost with that one, when a rotation drops it.
  private func current(following check: Data?) throws(VaultFailure) -> MasterKey {
    if let check, check.count == MasterKey.nameBytes + Self.checkText.count + Sealing.overhead {
      guard let named = try key(named: check.prefix(MasterKey.nameBytes)) else {
        throw .noKey(
          why: """
            data keys are wrapped under another master key by now, and \(source) does not have it; was a rotation run \
            with another source? Give the broker the new key, the old one after it
            """)
      }
      return named
    }
    guard let first = try keys().first else { throw .noKey(why: "there is no master key") }
    return first
  }

  /// nil if the source does not have it.
  ///
  /// - Throws: why the source cannot be read, if it may have it.
  private func key(named name: Data) throws(VaultFailure) -> MasterKey? {
    if let known = try keys().first(where: { $0.name == name }) { return known }
    asked.withLock { asked in
      let isKnown = state.withLock { $0.keys.contains { $0.name == name } }
      guard !isKnown, asked.map({ .now >= $0 + Self.askInterval }) ?? true else { return }
      try? load()
      asked = .now
    }
    let (known, failure) = state.withLock { state in (state.keys.first { $0.name == name }, state.failure) }
    if known == nil, let failure { throw failure }
    return known
  }

  /// Those that were read; read again if their file is not the one that was read. While that cannot be read, they do.
  private func keys() throws(VaultFailure) -> [MasterKey] {
    let known = state.withLock { $0 }
    if known.keys.isEmpty {
      try load()
    } else if let found = fingerprint, found != known.fingerprint {
      try? load()
    }
    return state.withLock { $0.keys }
  }

  /// nil if the source is not a file, or the file is away.
  private var fingerprint: MasterKeyFile.Fingerprint? {
    if case .file(let path) = source { MasterKeyFile(path: path).fingerprint } else { nil }
  }
}
