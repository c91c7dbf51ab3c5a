import Rooms

/// What a patient's side is written about.
extension Broker {
  func tell(_ notice: Notice, about id: ConsultationID) {
  }
}
