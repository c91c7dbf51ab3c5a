import Rooms

/// Who takes which consultation: as soon as somebody free sees a card, the longest waiting first. Several may be told to
/// try, to see that one of them wins.
struct Desk {
  private struct Card {
    let id: ConsultationID
    var tries = 0
    /// How many practitioners see it.
    var isTaken = false
  }

  /// How many practitioners try to claim each consultation.
  let racers: Int
  private var cards: [ConsultationID: Card] = [:]
  /// In the order in which they were first seen; taken ones are passed over.
  private var order: [ConsultationID] = []
  private var first = 0

  init(racers: Int) {
    self.racers = racers
  }

  /// Cards that still want somebody to try.
  var waiting: Int { cards.values.count { !$0.isTaken && $0.tries < racers } }

  mutating func see(_ id: ConsultationID) {
    guard cards[id] == nil else { return }
    cards[id] = Card(id: id)
    order.append(id)
  }

  /// The card that somebody free should try next, of those that they `see`; nil if there is none.
  mutating func next(sees: (ConsultationID) -> Bool) -> ConsultationID? {
    while first < order.count, cards[order[first]].map({ $0.isTaken || $0.tries >= racers }) ?? true { first += 1 }
    if first > 4_096 {
      order.removeFirst(first)
      first = 0
    }
    for id in order[first...] {
      guard let card = cards[id], !card.isTaken, card.tries < racers, sees(id) else { continue }
      cards[id]?.tries += 1
      return id
    }
    return nil
  }

  /// Somebody has it.
  ///
  /// - Returns: false if somebody had it before.
  mutating func claimed(_ id: ConsultationID) -> Bool {
    defer { cards[id, default: Card(id: id)].isTaken = true }
    return cards[id]?.isTaken != true
  }
}
