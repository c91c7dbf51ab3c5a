import Accounts
import Logging
import MQMSessions
import Rooms

/// How what is on record comes back at a start.
extension Broker {
  func restore(_ stored: StoredConsultation, at moment: Moment) async throws {
    let consultation = stored.consultation
    // An account that was closed meanwhile still has its consultations, which somebody must be able to end.
    guard let dossier = try await people.dossier(of: consultation.patient, evenIfClosed: true) else {
      return withdraw(consultation)
    }
    let parties = [
      consultation.patient, consultation.state.claim?.practitioner, consultation.assignedPhysician,
      consultation.state.rejection?.physician,
    ].compactMap { $0 }
    let profiles = try await people.accounts.profiles(parties.map { AccountID($0) })
    note(dossier.profiles + profiles.values)
    let details = await detailsOfDocuments(in: consultation)
    perform(
      hall.restore(consultation, file: dossier.file, reason: stored.reason, documents: details, at: moment))
    if stored.isUnreadable {
      log.error(
        """
        sealed health data cannot be opened; the consultation goes on without it, and has it again after a start with \
        the master key and the keys.sqlite that it was sealed with (docs/backup.md)
        """, metadata: ["consultation": "\(consultation.id)"])
    } else if stored.reason == nil {
      giveUp(consultation)
    }
    for party in parties {
      let profile = profiles[AccountID(party)]
      if profile == nil {
        perform(hall.bar(party, because: .erased))
      } else if profile?.isSuspended == true {
        perform(hall.bar(party, because: .closed))
      } else if profile?.practitioner != nil, profile?.isVerifiedPractitioner == false {
        perform(hall.bar(party, because: .notVerified))
      }
    }
  }

  /// Its health data was destroyed since the backup that this record comes from (CU-5.2), and a request that says nothing
  /// is for nobody.
  private func giveUp(_ consultation: Consultation) {
    switch consultation.state {
    case .requested, .refused, .claimed, .open:
      submit(
        Proposal(origin: .rule, change: .transition(consultation.id, .cancel(by: consultation.patient))),
        at: moment().now)
    case .inProgress, .suspended, .ended, .closed, .cancelled: break
    }
  }

  /// The patient was erased while the broker was down, or just before it was killed (CU-12.1).
  private func withdraw(_ consultation: Consultation) {
    let commands: [Consultation.Command] =
      switch consultation.state {
      case .requested, .refused, .claimed, .open: [.cancel(by: consultation.patient)]
      case .inProgress(let claim, _, _), .suspended(let claim, _, _):
        [.end(by: claim.practitioner, reason: .other), .close(by: nil, why: .account)]
      case .ended: [.close(by: nil, why: .account)]
      case .closed, .cancelled: []
      }
    for command in commands {
      submit(
        Proposal(origin: .account(.erased), change: .transition(consultation.id, command)), at: moment().now)
    }
  }
}
