extension Hall {
  // MARK: Seats

  /// Somebody takes a seat. `file` is the patient's as their account has it now, so that a guardian whose link was
  /// revoked a moment ago finds no place.
  public mutating func join(
    _ ticket: Ticket, from connection: ConnectionID, _ id: ConsultationID, as role: SeatRole, takeOver: Bool,
    connected: Room.Connected = [:], file: PatientFile
  ) -> [Effect] {
    // The file is news for those seated, whatever becomes of this request.
    var effects = follow(file, in: id)
    do throws(Refusal) {
      let visitor = try admit(connection, to: id)
      let seating = try rooms[id]!.join(
        connection, person: visitor.person, as: role, takeOver: takeOver, connected: connected)
      if let other = roomOfConnection[connection], other != id { effects += vacate(connection) }
      if let evicted = seating.evicted {
        roomOfConnection[evicted] = nil
        effects.append(.roomClosed(id, .takenOver, to: [evicted]))
        effects += practitionerSeat(of: id, left: evicted)
      }
      roomOfConnection[connection] = id
      if seating.seat == .practitioner {
        effects += changePresence(of: visitor.person) { $0.seated.insert(connection) }
      } else {
        effects += practitionerSeat(of: id, left: connection)
      }
      effects.append(.acceptSeat(ticket, connection, id, seating.seat))
      effects += incidents(of: visitor.person, taking: seating, in: id)
      return effects + seatsChanged(id, except: connection)
    } catch {
      return effects + [.refuse(ticket, error)]
    }
  }

  /// Somebody gives up their seat, and may come back.
  public mutating func leave(_ ticket: Ticket, from connection: ConnectionID, _ id: ConsultationID) -> [Effect] {
    guard roomOfConnection[connection] != id else { return [.accept(ticket)] + vacate(connection) }
    // Their seat may be kept for them, and is not needed any more.
    guard let person = visitors[connection]?.person, rooms[id]?.release(holdOf: person) == true else {
      return [.refuse(ticket, refusalWithoutSeat(connection, id))]
    }
    return [.accept(ticket)] + seatsChanged(id)
  }

  /// A guardian signed in on the patient's device, and sits down beside them (CU-6.3b).
  public mutating func accompany(
    _ ticket: Ticket, from connection: ConnectionID, _ id: ConsultationID, guardian: PersonID, file: PatientFile
  ) -> [Effect] {
    changeSeat(ticket, connection, id, file: file) { room throws(Refusal) in
      try room.accompany(connection, by: guardian)
    }
  }

  public mutating func unaccompany(_ ticket: Ticket, from connection: ConnectionID, _ id: ConsultationID) -> [Effect] {
    changeSeat(ticket, connection, id, file: nil) { room throws(Refusal) in try room.unaccompany(connection) }
  }

  /// The session of whoever identified themselves beside the patient is over.
  public mutating func dismissCompanion(from connection: ConnectionID) -> [Effect] {
    guard let id = roomOfConnection[connection], (try? rooms[id]?.unaccompany(connection)) != nil else { return [] }
    return seatsChanged(id)
  }

  private mutating func changeSeat(
    _ ticket: Ticket, _ connection: ConnectionID, _ id: ConsultationID, file: PatientFile?,
    _ change: (inout Room) throws(Refusal) -> Void
  ) -> [Effect] {
    let followed = file.map { follow($0, in: id) } ?? []
    guard roomOfConnection[connection] == id, var room = rooms[id] else {
      return followed + [.refuse(ticket, refusalWithoutSeat(connection, id))]
    }
    do throws(Refusal) {
      try change(&room)
    } catch {
      return followed + [.refuse(ticket, error)]
    }
    rooms[id] = room
    return followed + [.accept(ticket)] + seatsChanged(id)
  }

  /// A patient's file changed: guardians came or went. Whoever lost their place loses their seat at once.
  public mutating func fileChanged(_ file: PatientFile) -> [Effect] {
    consultationsOfPatient[file.person, default: []].sorted().flatMap { id -> [Effect] in
      guard let entry = entries[id], entry.file != file else { return [] }
      let followed = follow(file, in: id)
      // The guardians stand in everybody's list, too; who is none any more is told nothing.
      let parties = parties(of: entry.consultation).filter { connection in
        guard let person = visitors[connection]?.person else { return false }
        return file.isRepresented(by: person) || person == entry.consultation.state.claim?.practitioner
      }
      return followed + (parties.isEmpty ? [] : [.consultationChanged(id, to: parties)])
    }
  }

  /// In which room a connection has its seat.
  public func room(of connection: ConnectionID) -> ConsultationID? { roomOfConnection[connection] }

  // MARK: Signals

  /// Decides over one signal: the hot path, so it returns the one connection to hand it to instead of effects.
  public func route(
    from connection: ConnectionID, in id: ConsultationID, to seat: Seat, negotiation: Int
  ) throws(Refusal) -> Room.Route {
    guard roomOfConnection[connection] == id, let room = rooms[id] else { throw refusalWithoutSeat(connection, id) }
    return try room.route(from: connection, to: seat, negotiation: negotiation)
  }

  /// The seat that a connection has in this room.
  public func seat(of connection: ConnectionID, in id: ConsultationID) throws(Refusal) -> Seat {
    guard roomOfConnection[connection] == id, let seat = rooms[id]?.seat(of: connection) else {
      throw refusalWithoutSeat(connection, id)
    }
    return seat
  }

  // MARK: The persons rule and the record

  /// The time that a `.remind` effect asked for is over.
  public mutating func reminded(_ id: ConsultationID) -> [Effect] {
    reconcile(id) + [(entries[id]?.consultation).flatMap(withdrawal)].compactMap { $0 }
  }

  /// The time that an `.awaitComeback` effect asked for is over.
  public mutating func comebackIsOver(_ id: ConsultationID) -> [Effect] {
    let before = rooms[id]
    rooms[id]?.endComeback()
    return (before == rooms[id] ? [] : roomNews(id)) + reminded(id)
  }

  /// Proposes what the record should say about a room, judging by who is there, unless that is under way already.
  mutating func reconcile(_ id: ConsultationID) -> [Effect] {
    guard let command = rooms[id]?.dueTransition, proposedByRule.insert(id).inserted else { return [] }
    return [.record(Proposal(origin: .rule, change: .transition(id, command)))]
  }

  // MARK: Helpers

  /// Whoever may know of the consultation, and whose room is open.
  private func admit(_ connection: ConnectionID, to id: ConsultationID) throws(Refusal) -> Visitor {
    guard let visitor = visitors[connection], let entry = entries[id] else { throw .unknownConsultation }
    switch entry.consultation.state {
    case .ended: throw .consultationEnded
    case .closed: throw .consultationClosed
    case .cancelled: throw .consultationCancelled
    default: break
    }
    guard let room = rooms[id] else {
      // Whether it exists at all is for its parties to know.
      _ = try self.entry(id, knownTo: connection)
      throw .wrongState(entry.consultation.state.name)
    }
    guard room.rule.practitioner != visitor.person || visitor.isVerifiedPractitioner else { throw .notVerified }
    return visitor
  }

  /// Why somebody without a seat is refused: an end is told to everybody who asks for the room, since it is final.
  private func refusalWithoutSeat(_ connection: ConnectionID, _ id: ConsultationID) -> Refusal {
    guard let entry = entries[id] else { return .unknownConsultation }
    switch entry.consultation.state {
    case .ended: return .consultationEnded
    case .closed: return .consultationClosed
    case .cancelled: return .consultationCancelled
    case .requested, .refused, .claimed:
      // Whether it exists at all is for those to know whom it concerns.
      let isKnown = (try? self.entry(id, knownTo: connection)) != nil
      return isKnown ? .wrongState(entry.consultation.state.name) : .unknownConsultation
    case .open, .inProgress, .suspended: return .notSeated
    }
  }

  /// Takes note of the patient's file as it is now; whoever lost their place in it loses their seat.
  mutating func follow(_ file: PatientFile, in id: ConsultationID) -> [Effect] {
    guard let entry = entries[id], entry.file != file, entry.file.person == file.person else { return [] }
    entries[id]?.file = file
    guard rooms[id] != nil, let rule = rule(for: entry.consultation, file: file) else { return [] }
    let removed = rooms[id]!.follow(rule)
    for connection in removed { roomOfConnection[connection] = nil }
    let closed: [Effect] = removed.isEmpty ? [] : [.roomClosed(id, .notAdmitted, to: removed)]
    return closed + seatsChanged(id)
  }

  func rule(for consultation: Consultation, file: PatientFile) -> PersonsRule? {
    guard let claim = consultation.state.claim, let opening = consultation.state.opening else { return nil }
    return PersonsRule(
      file: file, practitioner: claim.practitioner, status: opening.status,
      curatorRequired: settings.curatorRequired)
  }

  /// Empties whatever seat a connection holds, in whatever room.
  mutating func vacate(_ connection: ConnectionID) -> [Effect] {
    guard let id = roomOfConnection.removeValue(forKey: connection) else { return [] }
    rooms[id]?.leave(connection)
    return practitionerSeat(of: id, left: connection) + seatsChanged(id)
  }

  /// A connection no longer holds the practitioner's seat, if it ever did: they may be available again.
  mutating func practitionerSeat(of id: ConsultationID, left connection: ConnectionID) -> [Effect] {
    guard let practitioner = rooms[id]?.rule.practitioner, desks[practitioner]?.seated.contains(connection) == true
    else { return [] }
    return changePresence(of: practitioner) { $0.seated.remove(connection) }
  }

  /// Tells those seated what the room looks like now, and lets the rule draw its conclusion.
  ///
  /// - Parameter except: a connection that is told with its answer.
  mutating func seatsChanged(_ id: ConsultationID, except: ConnectionID? = nil) -> [Effect] {
    roomNews(id, except: except) + reconcile(id)
  }

  private func roomNews(_ id: ConsultationID, except: ConnectionID? = nil) -> [Effect] {
    let told = rooms[id]?.connections.filter { $0 != except } ?? []
    return told.isEmpty ? [] : [.room(id, to: told)]
  }
}
