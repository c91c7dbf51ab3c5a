import Accounts
import Logging
import Mail
import Rooms
import Transport

/// What a patient's side is written about, wherever they are. The letters say nothing of health; each is queued once, also
/// when the broker is killed between the record and the queue.
extension Broker {
  func tell(_ notice: Notice, about id: ConsultationID) {
    guard let entry = hall.entries[id], let occasion = Self.occasion(of: notice, entry.consultation) else { return }
    // Parents are no longer written to once the child is of age, whenever the room was opened.
    let status = entry.file.status(on: moment().today)
    let family = [entry.file.person] + entry.file.guardians(for: status).map(\.person)
    write(notice.letter, to: family.map { AccountID($0) }, onceFor: occasion)
  }

  /// To be called when the record has been read: tells again what a process before this one may not have come to. What is due
  /// by a clock strikes by itself.
  func tellWhatWasMissed() {
    for (id, entry) in hall.entries {
      if entry.consultation.overdue != nil { tell(.overdue, about: id) }
      if entry.consultation.state.rejection != nil { tell(.refused, about: id) }
      if entry.consultation.documents.contains(where: { $0.fetchedAt == nil }) { tell(.documentHandedOver, about: id) }
    }
  }

  private func write(_ letter: Letter, to readers: [AccountID], onceFor occasion: String) {
    let now = moment().now.milliseconds
    Task {
      do throws(AccountRefusal) {
        try await people.accounts.write(letter, to: readers, onceFor: occasion, now: now)
      } catch {
        log.error("a letter cannot be queued yet", metadata: ["kind": "\(letter.kind)", "error": "\(error.code)"])
        guard !isDraining else { return }
        _ = loop.schedule(after: .seconds(10)) { [weak self] in
          self?.assumeIsolated { $0.write(letter, to: readers, onceFor: occasion) }
        }
      }
    }
  }

  /// What the letter is about, and nothing else is; nil if there is nothing to write about any more.
  private static func occasion(of notice: Notice, _ consultation: Consultation) -> String? {
    let about: String? =
      switch notice {
      case .overdue: consultation.overdue.map { "\($0.clock.rawValue) \($0.since.milliseconds)" }
      case .refused: consultation.state.rejection.map { "\($0.at.milliseconds)" }
      case .documentHandedOver:
        // One letter until everything was fetched, however much is handed over meanwhile.
        consultation.documents.filter { $0.fetchedAt == nil }.min {
          ($0.handedOverAt, $0.id) < ($1.handedOverAt, $1.id)
        }
        .map { $0.id.description }
      case .closesTomorrow: ""
      }
    return about.map { "\(notice.rawValue) \(consultation.id) \($0)" }
  }
}

extension Notice {
  fileprivate var letter: Letter {
    switch self {
    case .overdue: .consultationOverdue
    case .refused: .consultationRefused
    case .documentHandedOver: .documentHandedOver
    case .closesTomorrow: .consultationClosesTomorrow
    }
  }
}
