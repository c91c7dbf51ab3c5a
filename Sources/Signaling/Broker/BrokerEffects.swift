import Foundation
import Rooms
import Transport

/// Carries out what the hall has decided.
extension Broker {
  func perform(_ effects: [Effect]) {
    for effect in effects { perform(effect) }
    if !dueToClose.isEmpty { closeThoseDue() }
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .record(let proposal): submit(proposal, at: moment().now)
    case .remind(let id, let milliseconds):
      _ = loop.schedule(after: .milliseconds(milliseconds)) { [weak self] in
        self?.assumeIsolated { $0.perform($0.hall.reminded(id)) }
      }
    case .awaitComeback(let id, let milliseconds):
      _ = loop.schedule(after: .milliseconds(milliseconds)) { [weak self] in
        self?.assumeIsolated { $0.perform($0.hall.comebackIsOver(id)) }
      }
    case .awaitReturn(let id, let hold, let milliseconds):
      _ = loop.schedule(after: .milliseconds(milliseconds)) { [weak self] in
        self?.assumeIsolated { $0.perform($0.hall.returnIsOverdue(id, hold: hold)) }
      }

    case .accept(let ticket):
      guard let (client, re, body) = accept(ticket) else { return }
      reply(to: client, re: re) { $0.raw(body) }
    case .acceptConsultation(let ticket, let id):
      guard let (client, re, _) = accept(ticket) else { return }
      guard let entry = hall.entries[id] else { return refuse(client, re: re, .refused(.unknownConsultation)) }
      reply(to: client, re: re) { writer in
        writer.object { writer in
          writer.key("consultation")
          write(entry, to: &writer)
        }
      }
    case .acceptSeat(let ticket, let connection, let id, let seat):
      guard let (client, re, _) = accept(ticket) else { return }
      reply(to: client, re: re) { writer in
        writer.object { writer in
          writer.member("seat", seat.rawValue)
          writeFirstICE(for: connection, in: id, to: &writer)
          writer.key("room")
          writeRoom(id, for: connection, to: &writer)
        }
      }
    case .refuse(let ticket, let refusal): refuse(ticket, .refused(refusal))

    case .consultations(let connection, let ids):
      send("consultations", to: [connection]) { writer in
        writer.object { writer in
          writer.member("kind", "snapshot")
          writer.member("items", array: ids.compactMap { hall.entries[$0] }) { write($1, to: &$0) }
        }
      }
    case .consultationChanged(let id, let connections):
      guard let entry = hall.entries[id] else { return }
      send("consultations", to: connections) { writer in
        writer.object { writer in
          writer.member("kind", "delta")
          writer.member("upsert", array: [entry]) { write($1, to: &$0) }
          writer.member("remove", array: EmptyCollection<String>()) { $0.string($1) }
        }
      }
    case .consultationLost(let id, let connections):
      send("consultations", to: connections) { writer in
        writer.object { writer in
          writer.member("kind", "delta")
          writer.member("upsert", array: EmptyCollection<String>()) { $0.string($1) }
          writer.member("remove", array: [id]) { $0.string($1.description) }
        }
      }
    case .queue(let connection, let ids):
      send("queue", to: [connection]) { writer in
        writer.object { writer in
          writer.member("kind", "snapshot")
          writer.member("items", array: ids.compactMap { hall.entries[$0] }) { writeCard($1, to: &$0) }
        }
      }
    case .queueGained(let id, let connections):
      guard let entry = hall.entries[id] else { return }
      send("queue", to: connections) { writer in
        writer.object { writer in
          writer.member("kind", "delta")
          writer.member("upsert", array: [entry]) { writeCard($1, to: &$0) }
          writer.member("remove", array: EmptyCollection<String>()) { $0.string($1) }
        }
      }
    case .queueLost(let id, let departure, let connections):
      send("queue", to: connections) { writer in
        writer.object { writer in
          writer.member("kind", "delta")
          writer.member("upsert", array: EmptyCollection<String>()) { $0.string($1) }
          writer.member("remove", array: [id]) { writer, id in
            writer.object { writer in
              writer.member("id", id)
              writer.member("why", departure.rawValue)
            }
          }
        }
      }
    case .availability(let count, let connections):
      if connections.count > FanOut.slice { return tellAvailabilitySoon() }
      tellAvailability(count, to: connections)
    case .presence(let presence, let connections):
      send("presence", to: connections) { writer in writer.object { $0.member("presence", presence.rawValue) } }

    case .room(let id, let connections):
      for connection in connections {
        send("room", room: id, to: [connection]) { writeRoom(id, for: connection, to: &$0) }
      }
    case .roomClosed(let id, let closure, let connections):
      send("room.closed", room: id, to: connections) { write(closure, to: &$0) }
    case .tell(let notice, let id): tell(notice, about: id)
    }
  }

  /// The number changes with each consultation that begins or ends: thousands of patients are told once a second, what is true then.
  private func tellAvailabilitySoon() {
    guard !isAvailabilityDue else { return }
    isAvailabilityDue = true
    _ = loop.schedule(after: .seconds(1)) { [weak self] in
      self?.assumeIsolated { broker in
        broker.isAvailabilityDue = false
        guard case .availability(let count, let connections) = broker.hall.availability else { return }
        broker.tellAvailability(count, to: connections)
      }
    }
  }

  private func tellAvailability(_ count: Int, to connections: [ConnectionID]) {
    send("availability", to: connections) { writer in writer.object { $0.member("available", count) } }
  }
}
