import Rooms

/// A session as the broker has it.
struct BrokerSession {
  let person: PersonID
  var continuity: Continuity<Token>
  /// The connection that there is, or was last.
  var channel: Int
}

extension [BrokerSession?] {
  subscript(connection: ConnectionID) -> BrokerSession? {
    get { self[Int(connection.number)] }
    set { self[Int(connection.number)] = newValue }
  }
}
