import ArgumentParser
import Foundation
import Logging
import Signaling
import TURN

/// STUN and TURN as the settings say, every address and every dependency between settings checked.
struct ICEConfiguration {
  let stun: [TURNServerURL]
  let turn: [TURNServerURL]
  let policy: ICESettings.TransportPolicy
  let lifetimeSeconds: Int
  /// nil without TURN servers.
  let secret: TURNSecret?
  /// Where each consultation has a secret of its own; nil if the servers know ``secret`` itself.
  let database: Database?

  struct Database {
    let table: TURNSecretTable
    let command: TURNDatabaseCommand
  }

  /// - Throws: `ValidationError` that names the key and says what is wrong.
  init(_ settings: Settings) async throws {
    stun = try Self.urls(settings, .iceSTUN, ["stun", "stuns"])
    turn = try Self.urls(settings, .iceTURN, ["turn", "turns"])
    policy = ICESettings.TransportPolicy(rawValue: try settings.text(.iceTransportPolicy)) ?? .all
    lifetimeSeconds = try settings.integer(.iceTURNSeconds)
    guard !turn.isEmpty else {
      guard policy == .all else {
        throw ValidationError("The setting 'ice.transport-policy' is 'relay', which needs a TURN server in 'ice.turn'.")
      }
      (secret, database) = (nil, nil)
      return
    }
    database = try Self.database(settings)
    secret = try await TURNSecretChoice(settings).read()
  }

  private static func database(_ settings: Settings) throws -> Database? {
    guard let command = try settings.optionalText(.iceTURNDatabaseCommand) else { return nil }
    guard let table = TURNSecretTable(realm: try settings.text(.iceTURNRealm)) else {
      throw ValidationError(
        "The setting 'ice.turn-database-command' needs 'ice.turn-realm': the realm of the TURN servers, such as consult.example."
      )
    }
    return Database(table: table, command: TURNDatabaseCommand(command: command))
  }

  private static func urls(_ settings: Settings, _ key: SettingKey, _ schemes: Set<String>) throws -> [TURNServerURL] {
    try settings.list(key).map { text in
      guard let url = TURNServerURL(text), schemes.contains(url.scheme.rawValue) else {
        throw ValidationError(
          "The setting '\(key.rawValue)' has '\(text)', which must be like \(schemes.sorted()[0]):server.example:3478.")
      }
      return url
    }
  }

  /// For the broker.
  func settings(log: Logger) -> (ICESettings, RelayLedger?) {
    var ice = ICESettings()
    ice.stun = stun.map(\.text)
    ice.transportPolicy = policy
    guard let secret else { return (ice, nil) }
    let ledger = database.map { RelayLedger(secret: secret, table: $0.table, database: $0.command, log: log) }
    ice.relay = .init(urls: turn.map(\.text), secret: secret, lifetimeSeconds: lifetimeSeconds, ledger: ledger)
    return (ice, ledger)
  }
}
