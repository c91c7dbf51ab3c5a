import Rooms

/// What an announced maintenance changes: nothing new begins, everything that runs goes on, and everybody is told.
extension Broker {
  /// Takes effect at once; everybody who is connected is told.
  ///
  /// - Parameter maintenance: nil when it is over, or was undone.
  public func announce(_ maintenance: Maintenance?) {
    guard maintenance != self.maintenance else { return }
    self.maintenance = maintenance
    tellOfMaintenance(clients.values.filter { $0.identity != nil }.map(\.id))
  }

  /// Consultations whose room is open, in progress or suspended.
  public var runningConsultations: Int { hall.rooms.count }

  /// Whether no consultation runs, and no request is being decided by which one could.
  public var isAtRest: Bool { runningConsultations == 0 && requestsUnderWay == 0 }

  func tellOfMaintenance(_ connections: [ConnectionID]) {
    send("maintenance", to: connections) { writer in
      writer.object { writeMaintenance(to: &$0) }
    }
  }

  /// The member `maintenance`, null if there is none.
  func writeMaintenance(to writer: inout JSONWriter) {
    guard let maintenance else {
      writer.key("maintenance")
      return writer.null()
    }
    writer.member("maintenance") { Self.writeMembers(of: maintenance, to: &$0) }
  }

  static func writeMembers(of maintenance: Maintenance, to writer: inout JSONWriter) {
    writer.member("message", maintenance.message)
    writer.member("until", maintenance.until)
  }

  /// Why a request is not carried out for now: it would begin something.
  func maintenanceFault(for request: ClientRequest) -> Fault? {
    guard let maintenance else { return nil }
    switch request {
    case .create: break
    case .open(_, let id):
      // Of any other state the record says what is wrong; a room that is open already was opened by the same request.
      guard hall.entries[id]?.consultation.state.name == .claimed else { return nil }
    default: return nil
    }
    return .maintenance(maintenance, afterMilliseconds: max(1_000, maintenance.until - moment().now.milliseconds))
  }
}
