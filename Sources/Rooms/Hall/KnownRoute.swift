/// What a signal is addressed to.
public struct SignalAddress: Equatable, Sendable {
  public let room: ConsultationID
  public let to: Seat
  public let negotiation: Int

  public init(room: ConsultationID, to: Seat, negotiation: Int) {
    self.room = room
    self.to = to
    self.negotiation = negotiation
  }
}

/// Where a signal of one connection went: so goes the next one with the same address, as long as no room and no seat has
/// changed since, and nothing has to be decided for it.
public struct KnownRoute: Sendable {
  private let address: SignalAddress
  private let seating: UInt64
  public let route: Room.Route

  /// - Parameter seating: ``Hall/seating`` when the route was found.
  public init(address: SignalAddress, seating: UInt64, route: Room.Route) {
    self.address = address
    self.seating = seating
    self.route = route
  }

  public func isGood(for address: SignalAddress, seating: UInt64) -> Bool {
    seating == self.seating && address == self.address
  }
}
