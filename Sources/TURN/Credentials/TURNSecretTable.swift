/// The SQL by which secrets come into coturn's table `turn_secret` and go out of it: the same for SQLite, PostgreSQL and
/// MySQL. coturn reads the table whenever somebody asks for an allocation.
public struct TURNSecretTable: Sendable {
  let realm: String

  /// - Returns: nil unless the realm is of letters, digits, dots, hyphens and underscores, 127 at most, as coturn's column
  ///   and a quoted text take it.
  public init?(realm: String) {
    guard (1...127).contains(realm.utf8.count),
      realm.utf8.allSatisfy({ byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || [0x2D, 0x2E, 0x5F].contains(byte)
      })
    else { return nil }
    self.realm = realm
  }

  /// Statements, carried out all or not at all, that can be repeated without harm.
  ///
  /// - Parameter prefix: those that begin with it and are not in `added` are removed, too; nil to leave them.
  public func statements(
    adding added: [TURNSecret], removing removed: [TURNSecret], replacing prefix: String? = nil
  ) -> String {
    var lines = ["BEGIN;"]
    if let prefix { lines.append("DELETE FROM turn_secret WHERE realm = '\(realm)' AND value LIKE '\(prefix)%';") }
    for secret in added + removed {
      lines.append("DELETE FROM turn_secret WHERE realm = '\(realm)' AND value = '\(secret.text)';")
    }
    for secret in added {
      lines.append("INSERT INTO turn_secret (realm, value) VALUES ('\(realm)', '\(secret.text)');")
    }
    return (lines + ["COMMIT;"]).joined(separator: "\n") + "\n"
  }
}
