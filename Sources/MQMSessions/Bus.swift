public import Rooms

/// A submission that the store has decided, and what came of it.
public struct Decision: Equatable, Sendable {
  public let submission: Submission
  public let outcome: Outcome

  public init(_ submission: Submission, _ outcome: Outcome) {
    self.submission = submission
    self.outcome = outcome
  }
}

/// Carries decisions to every broker that has to hear of them.
///
/// The other of the two seams behind which several processes will meet: each applies what the bus brings, its own decisions
/// included, and nothing else.
public protocol Bus: Sendable {
  /// Hands decisions on, in their order. From any thread.
  func publish(_ decisions: [Decision])
  /// Hears of decisions from then on, in their order. To be called once by each broker, before anything is published.
  func subscribe(_ receive: @escaping @Sendable ([Decision]) -> Void)
}
