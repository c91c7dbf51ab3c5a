import Rooms

/// Requests that are under way, and who waits for them.
extension Broker {
  /// Who waits for what becomes of a request.
  enum Pending {
    /// A client on a socket, and the body of the answer if it is accepted, where the effect does not say it.
    case client(ConnectionID, re: Int, body: [UInt8])
    /// A request over HTTP.
    case call(CheckedContinuation<Refusal?, Never>)
  }

  /// - Parameters:
  ///   - body: of the answer, if the request is simply accepted.
  ///   - isClaim: whether it is counted among the claims.
  func ticket(
    for client: Client, re: Int, body: [UInt8] = Array("{}".utf8), isClaim: Bool = false
  ) -> Ticket {
    lastTicket += 1
    let ticket = Ticket(lastTicket)
    pending[ticket] = .client(client.id, re: re, body: body)
    inquiries[ticket] = Inquiry(isClaim: isClaim)
    return ticket
  }

  /// Has the hall decide over something that was asked over HTTP. Returns when it is on record.
  ///
  /// - Throws: why it was not done.
  func decide(_ decision: @escaping (isolated Broker, Ticket) -> [Effect]) async throws(Refusal) {
    lastTicket += 1
    let ticket = Ticket(lastTicket)
    let refusal: Refusal? = await withCheckedContinuation { continuation in
      pending[ticket] = .call(continuation)
      perform(decision(self, ticket))
    }
    if let refusal { throw refusal }
  }

  /// How many requests are not answered yet. Those of clients that are gone count until they are decided, which each of
  /// them is: by the record, or by the file that was read for it.
  var requestsUnderWay: Int { pending.count }

  /// The client who waits for the answer, if they are still there; who asked over HTTP has it now.
  func accept(_ ticket: Ticket) -> (client: Client, re: Int, body: [UInt8])? {
    noteAnswer(to: ticket, nil)
    switch pending.removeValue(forKey: ticket) {
    case .client(let connection, let re, let body): return clients[connection].map { ($0, re, body) }
    case .call(let continuation):
      continuation.resume(returning: nil)
      return nil
    case nil: return nil
    }
  }

  func refuse(_ ticket: Ticket, _ fault: Fault) {
    noteAnswer(to: ticket, fault)
    switch pending.removeValue(forKey: ticket) {
    case .client(let connection, let re, _): if let client = clients[connection] { refuse(client, re: re, fault) }
    case .call(let continuation):
      if case .refused(let refusal) = fault {
        continuation.resume(returning: refusal)
      } else {
        continuation.resume(returning: .unavailable)
      }
    case nil: break
    }
  }
}
