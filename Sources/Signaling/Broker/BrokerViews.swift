import Rooms

/// How the hall's values look on the wire (docs/protocol.md, section 5).
extension Broker {
  func write(_ entry: Hall.Entry, to writer: inout JSONWriter) {
    let consultation = entry.consultation
    let state = consultation.state
    let status = state.opening?.status ?? entry.file.status(on: moment().today)
    writer.object { writer in
      writer.member("id", consultation.id)
      writer.member("state", state.name.rawValue)
      writer.member("assignment", consultation.assignment == .unassigned ? "unassigned" : "attending")
      writer.member("payment", consultation.payment.rawValue)
      writer.member("reason", entry.reason)
      writer.member("requested_at", consultation.requestedAt)
      writer.member("claimed_at", state.claim?.at)
      writer.member("opened_at", state.opening?.at)
      writer.member("started_at", state.start?.at)
      writer.member("ended_at", state.overAt)
      writer.member("end_reason", state.ending?.reason.rawValue)
      writer.member("claim_due_at", consultation.clocks.claim.dueAt)
      writer.member("start_due_at", consultation.clocks.start?.dueAt)
      writer.member("overdue", consultation.overdue?.clock.rawValue)
      writer.member("overdue_since", consultation.overdue?.since)
      writer.member("close_due_at", consultation.clocks.close)
      writer.member("closed_at", state.closing?.at)
      writer.member("closed_why", state.closing?.why.rawValue)
      writer.member("refused_grounds", state.rejection?.grounds.rawValue)
      writer.member("refused_at", state.rejection?.at)
      writer.key("refused_by")
      if let rejection = state.rejection { writePractitioner(rejection.physician, to: &writer) } else { writer.null() }
      writer.member("documents", array: consultation.documents) { writer, document in
        write(document, entry.documents[document.id], to: &writer)
      }
      writer.key("patient")
      writePerson(entry.file.person, role: "patient", to: &writer)
      writer.member("status", status.rawValue)
      writer.member("age", entry.file.birthDate.age(on: moment().today))
      writer.member("guardians", array: entry.file.guardians(for: status)) { writer, guardian in
        writePerson(guardian.person, role: guardian.relation.rawValue, to: &writer)
      }
      writer.key("assigned_to")
      if case .attending(let physician) = consultation.assignment {
        writePractitioner(physician, to: &writer)
      } else {
        writer.null()
      }
      writer.key("practitioner")
      if let claim = state.claim { writePractitioner(claim.practitioner, to: &writer) } else { writer.null() }
    }
  }

  func write(_ document: Document, _ details: DocumentDetails?, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", document.id)
      writer.member("name", details?.name)
      writer.member("kind", document.kind.rawValue)
      writer.member("type", document.type.rawValue)
      writer.member("size", document.size)
      writer.member("handed_over_at", document.handedOverAt)
      writer.member("fetched_at", document.fetchedAt)
      writer.member("salt", details?.salt)
    }
  }

  /// What practitioners see before the claim: no identity (CU-6.1b).
  func writeCard(_ entry: Hall.Entry, to writer: inout JSONWriter) {
    let consultation = entry.consultation
    let status = entry.file.status(on: moment().today)
    writer.object { writer in
      writer.member("id", consultation.id)
      writer.member("assignment", consultation.assignment == .unassigned ? "unassigned" : "mine")
      writer.member("age", entry.file.birthDate.age(on: moment().today))
      let flags = (status == .adult ? [] : [status.rawValue]) + (consultation.overdue == nil ? [] : ["overdue"])
      writer.member("flags", array: flags) { $0.string($1) }
      writer.member("reason", entry.reason)
      writer.member("payment", consultation.payment.rawValue)
      writer.member("requested_at", consultation.requestedAt)
      writer.member("claim_due_at", consultation.clocks.claim.dueAt)
    }
  }

  func writePerson(_ person: PersonID, role: String, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", person)
      writer.member("given_name", directory[person]?.givenName ?? "")
      writer.member("family_name", directory[person]?.familyName ?? "")
      writer.member("role", role)
    }
  }

  private func writePractitioner(_ person: PersonID, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", person)
      writer.member("given_name", directory[person]?.givenName ?? "")
      writer.member("family_name", directory[person]?.familyName ?? "")
      writer.member("specialty", directory[person]?.specialty ?? "")
      writer.member("presence", hall.presence(of: person).rawValue)
    }
  }

  func writeRoom(_ id: ConsultationID, for connection: ConnectionID, to writer: inout JSONWriter) {
    guard let room = hall.rooms[id], let own = room.seat(of: connection) else { return writer.null() }
    let state: Consultation.StateName =
      switch room.phase {
      case .open: .open
      case .inProgress: .inProgress
      case .suspended: .suspended
      }
    let missing = room.missing
    writer.object { writer in
      writer.member("kind", "snapshot")
      writer.member("state", state.rawValue)
      writer.member("you", own.rawValue)
      writer.member("seats", array: room.rule.seats) { writer, seat in
        let persons = room.persons(in: seat)
        writer.object { writer in
          writer.member("seat", seat.rawValue)
          writer.member("present", !persons.isEmpty)
          writer.member("persons", array: persons) { writer, person in
            writePerson(person, role: role(of: person, in: room), to: &writer)
          }
        }
      }
      writer.member("admission") { writer in
        writer.member("holds", missing.isEmpty)
        writer.member("missing", array: missing) { $0.string($1.rawValue) }
      }
      writer.member("peers", array: room.peers(of: own)) { writer, peer in
        writer.object { writer in
          writer.member("seat", peer.seat.rawValue)
          writer.member("negotiation", peer.negotiation)
          writer.member("offers", peer.offers.rawValue)
        }
      }
    }
  }

  private func role(of person: PersonID, in room: Room) -> String {
    if person == room.rule.practitioner { return "practitioner" }
    if person == room.rule.patient { return "patient" }
    return room.rule.guardians.first { $0.person == person }?.relation.rawValue ?? "patient"
  }

  func write(_ closure: RoomClosure, to writer: inout JSONWriter) {
    writer.object { writer in
      switch closure {
      case .ended(let reason):
        writer.member("why", "ended")
        writer.member("reason", reason.rawValue)
      case .cancelled: writer.member("why", "cancelled")
      case .released: writer.member("why", "released")
      case .reassigned: writer.member("why", "reassigned")
      case .takenOver: writer.member("why", "taken_over")
      case .connectionLost: writer.member("why", "connection_lost")
      case .notAdmitted: writer.member("why", "not_admitted")
      }
    }
  }

  func write(_ fault: Fault, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("code", fault.code)
      writer.member("message", fault.message)
      switch fault.retry {
      case .never: writer.member("retry", "never")
      case .later(let milliseconds):
        writer.member("retry", "later")
        writer.member("after_ms", milliseconds)
      }
      switch fault {
      case .invalid(.missing(let field)), .invalid(.invalid(let field)):
        writer.member("details") { $0.member("field", field) }
      case .refused(.alreadyClaimed(let practitioner)):
        writer.member("details") { $0.member("by", directory[practitioner]?.fullName ?? "") }
      case .refused(.documentsUnfetched(let count)): writer.member("details") { $0.member("count", count) }
      case .refused(.wrongState(let state)): writer.member("details") { $0.member("state", state.rawValue) }
      case .maintenance(let maintenance, _):
        writer.member("details") { Self.writeMembers(of: maintenance, to: &$0) }
      case .refused(.seatTaken(let bySelf)): writer.member("details") { $0.member("by", bySelf ? "you" : "other") }
      case .refused(.personsRule(let missing)):
        writer.member("details") { writer in
          writer.member("missing", array: missing) { $0.string($1.rawValue) }
        }
      default: break
      }
    }
  }
}
