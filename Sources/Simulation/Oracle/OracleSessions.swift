import Rooms

/// A session goes on exactly, or not at all.
extension Oracle {
  struct RecordedKey: Hashable {
    let by: PersonID
    let key: MutationKey
  }

  /// What a session's client was given.
  struct Deliveries {
    /// The secrets that the session had, and the last one that its client has shown to have received.
    var secrets: [Token] = []
    var confirmedSecret = 0
    /// Which event was sent under which number.
    var events: [Int] = []
  }

  // MARK: Secrets

  mutating func isGivenSecret(_ secret: Token, _ connection: ConnectionID) {
    deliveries[Int(connection.number)].secrets.append(secret)
  }

  func hasIssued(_ secret: Token, to connection: ConnectionID) -> Bool {
    deliveries[Int(connection.number)].secrets.contains(secret)
  }

  /// The client has spoken, and so has whatever it was given before.
  mutating func hears(_ connection: ConnectionID) {
    let index = Int(connection.number)
    deliveries[index].confirmedSecret = deliveries[index].secrets.count - 1
  }

  /// A client is let in with a secret, to go on with a session.
  mutating func resumes(_ connection: ConnectionID, with secret: Token) {
    let given = deliveries[Int(connection.number)]
    require(client(connection).isConnected, "connection \(connection.number) is over and was gone on with")
    guard let position = given.secrets.firstIndex(of: secret) else {
      return require(false, "connection \(connection.number) was gone on with by a secret that it never had")
    }
    require(
      position >= given.confirmedSecret,
      "a secret of connection \(connection.number) that was used up was accepted again")
  }

  /// Who has the secret that their client was given cannot go on with a session.
  ///
  /// - Parameter longest: bytes of the longest event.
  mutating func refuses(
    _ connection: ConnectionID, after sequence: UInt64, _ limits: ReplayBuffer.Limits, longest: Int
  ) {
    let missed = deliveries[Int(connection.number)].events.count - Int(sequence)
    require(
      missed > limits.events || missed * longest > limits.bytes,
      "replay: connection \(connection.number) could not be gone on with, after \(sequence), for no reason")
  }

  // MARK: Events

  mutating func sends(_ number: UInt64, _ event: Int, to connection: ConnectionID) {
    let index = Int(connection.number)
    deliveries[index].events.append(event)
    let count = deliveries[index].events.count
    require(number == UInt64(count), "connection \(connection.number) was sent number \(number) as event \(count)")
  }

  /// A page is given an event: the next one, and the one that was sent under that number.
  mutating func receives(_ number: UInt64, _ event: Int, after last: UInt64, on connection: ConnectionID) {
    let index = Int(connection.number)
    let count = deliveries[index].events.count
    require(number == last + 1, "replay: connection \(connection.number) was given event \(number) after \(last)")
    let isSame = number >= 1 && number <= count && deliveries[index].events[Int(number) - 1] == event
    require(
      isSame, "replay: connection \(connection.number) was given something else as event \(number) than it was sent")
  }

  // MARK: Answers

  /// The store has decided.
  mutating func note(_ origin: Proposal.Origin, _ outcome: Outcome) {
    guard case .request(_, let by, let key) = origin else { return }
    switch outcome {
    case .recorded, .repeated: recordedKeys.insert(RecordedKey(by: by, key: key))
    case .noted, .refused: break
    }
  }

  /// A page has the answer to what it asked for: what it was told to have happened is on record, and of those who claim one
  /// wins.
  mutating func isAnswered(_ person: PersonID, _ mutation: Mutation, _ key: MutationKey, _ answer: Channel.Answer) {
    if case .refused = answer { return }
    if case .claim(let id) = mutation, let life = lives.first(where: { $0.id == id }), life.claimsGivenUp == 0 {
      let winner = winners[id] ?? person
      require(winner == person, "CU-6.1: both \(winner) and \(person) were told to have claimed \(id)")
      winners[id] = person
    }
    require(
      recordedKeys.contains(RecordedKey(by: person, key: key)),
      "CU-13: \(person) was told that \(mutation) happened, which is not on record")
  }
}
