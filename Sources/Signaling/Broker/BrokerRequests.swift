import Accounts
import Foundation
import Rooms
import Transport

/// What clients ask for, one case after the other. Whatever must be asked of the accounts first is awaited off the loop; when
/// the answer is there the client may be gone, which the hall finds out by itself.
extension Broker {
  func handle(_ request: ClientRequest, from client: Client, re: Int) {
    if case .hello(let token, _, let resumption) = request {
      if let resumption, resume(resumption, on: client, re: re) { return }
      return greet(client, re: re, token: token)
    }
    guard client.identity != nil else { return refuse(client, re: re, .helloRequired) }
    guard !client.isOccupied else {
      guard client.line.count < Self.lineLimit else {
        metrics.noteHit(.requestsWaiting)
        return refuse(client, re: re, .busy)
      }
      return client.line.append((request, re))
    }
    carryOut(request, from: client, re: re)
  }

  /// Requests of one connection that may wait for an earlier one.
  private static let lineLimit = 64

  /// Lets nothing of this client overtake what is being asked of the accounts now.
  func occupy(_ client: Client, _ work: @escaping () async -> Void) {
    client.isOccupied = true
    Task {
      await work()
      client.isOccupied = false
      while !client.isOccupied, !client.line.isEmpty {
        let (request, re) = client.line.removeFirst()
        carryOut(request, from: client, re: re)
      }
    }
  }

  private func carryOut(_ request: ClientRequest, from client: Client, re: Int) {
    guard !client.mustConsent || request.isPossibleWithoutConsent else {
      return refuse(client, re: re, .consentRequired)
    }
    if let fault = maintenanceFault(for: request) { return refuse(client, re: re, fault) }
    switch request {
    case .hello: break
    case .ping: reply(to: client, re: re) { $0.object { _ in } }
    case .setPresence(let available):
      perform(hall.declare(ticket(for: client, re: re), from: client.id, available: available))

    case .create(let key, let creation): create(creation, key: key, client, re)
    case .cancel(let key, let id):
      perform(hall.cancel(ticket(for: client, re: re), key: key, from: client.id, id))
    case .claim(let key, let id):
      perform(hall.claim(ticket(for: client, re: re, isClaim: true), key: key, from: client.id, id))
    case .refuse(let key, let id, let grounds):
      perform(hall.refuse(ticket(for: client, re: re), key: key, from: client.id, id, grounds: grounds))
    case .assign(let key, let id, let physician): assign(id, to: physician, key: key, client, re)
    case .unassign(let key, let id):
      perform(hall.unassign(ticket(for: client, re: re), key: key, from: client.id, id))
    case .release(let key, let id):
      perform(hall.release(ticket(for: client, re: re), key: key, from: client.id, id))
    case .open(let key, let id):
      withFile(for: id, client, re) { [connection = client.id] broker, ticket, file in
        broker.hall.open(ticket, key: key, from: connection, id, file: file, at: broker.moment())
      }
    case .start(let key, let id, let attested):
      perform(hall.start(ticket(for: client, re: re), key: key, from: client.id, id, attested: attested))
    case .end(let key, let id, let reason):
      perform(hall.end(ticket(for: client, re: re), key: key, from: client.id, id, reason: reason))
    case .confirm(let key, let id):
      perform(hall.confirm(ticket(for: client, re: re), key: key, from: client.id, id))
    case .close(let key, let id):
      perform(hall.close(ticket(for: client, re: re), key: key, from: client.id, id))

    case .join(let room, let role, let takeOver, let connected):
      withFile(for: room, client, re) { [connection = client.id] broker, ticket, file in
        broker.hall.join(
          ticket, from: connection, room, as: role, takeOver: takeOver, connected: connected, file: file)
      }
    case .report(let id, let kind):
      perform(hall.report(ticket(for: client, re: re), from: client.id, id, kind))
    case .refreshICE(let room): refreshICE(client, re: re, room)
    case .leave(let room): perform(hall.leave(ticket(for: client, re: re), from: client.id, room))
    case .accompany(let room, let companion): accompany(client, re: re, room, companion)
    case .unaccompany(let room): perform(hall.unaccompany(ticket(for: client, re: re), from: client.id, room))
    }
  }

  // MARK: Requests

  private func create(_ creation: ClientRequest.Creation, key: MutationKey, _ client: Client, _ re: Int) {
    let patient = creation.patient
    let ticket = ticket(for: client, re: re)
    occupy(client) { [self, id = client.id] in
      do throws(AccountRefusal) {
        let mayAsk = try await people.accounts.consentsNeeded(of: AccountID(patient)).isEmpty
        guard let dossier = try await dossier(of: patient) else { return refuse(ticket, .refused(.unknownPatient)) }
        // Nobody else learns anything of the patient.
        if !mayAsk, let person = client.identity?.person, dossier.file.isRepresented(by: person) {
          return refuse(ticket, .consentRequired)
        }
        let health = try await people.accounts.healthFile(of: AccountID(patient))
        let wish = Hall.Wish(
          id: .random(), toAttending: creation.toAttending,
          notes: HealthNotes(
            reason: creation.reason, history: health?.file.history,
            socialSecurityNumber: health?.file.socialSecurityNumber,
            updatedAt: health.map { Instant(milliseconds: $0.updatedAt) }),
          payment: creation.payment)
        perform(hall.request(ticket, key: key, from: id, for: dossier.file, wish, at: moment()))
      } catch {
        refuse(ticket, .refused(.unavailable))
      }
    }
  }

  /// Whether the physician may take it is asked of the accounts at this moment.
  private func assign(
    _ id: ConsultationID, to physician: PersonID, key: MutationKey, _ client: Client, _ re: Int
  ) {
    let ticket = ticket(for: client, re: re)
    occupy(client) { [self, connection = client.id] in
      do throws(AccountRefusal) {
        let profile = try await people.accounts.profile(AccountID(physician))
        if let profile { note([profile]) }
        let isVerified = profile?.isVerifiedPractitioner == true
        perform(hall.assign(ticket, key: key, from: connection, id, to: physician, isVerified: isVerified))
      } catch {
        refuse(ticket, .refused(.unavailable))
      }
    }
  }

  // MARK: Files

  private typealias Decision = @Sendable (isolated Broker, Ticket, PatientFile) -> [Effect]

  /// Reads a patient's file anew before the hall decides by it.
  private func withFile(
    of patient: PersonID, in room: ConsultationID, _ client: Client, _ re: Int, _ decide: @escaping Decision
  ) {
    let ticket = ticket(for: client, re: re)
    occupy(client) { [self] in
      await untilRelaySecretIsKnown(of: room)
      do throws(AccountRefusal) {
        guard let dossier = try await dossier(of: patient) else {
          return perform([.refuse(ticket, .unknownPatient)])
        }
        perform(decide(self, ticket, dossier.file))
      } catch {
        perform([.refuse(ticket, .unavailable)])
      }
    }
  }

  private func withFile(
    for consultation: ConsultationID, _ client: Client, _ re: Int, _ decide: @escaping Decision
  ) {
    guard let entry = hall.entries[consultation] else {
      return refuse(client, re: re, .refused(.unknownConsultation))
    }
    withFile(of: entry.file.person, in: consultation, client, re, decide)
  }
}

extension Fault {
  init(_ refusal: AccountRefusal) {
    self =
      switch refusal {
      case .wrongCredentials: .wrongCredentials
      case .tooManyAttempts(let milliseconds): .tooManyAttempts(afterMilliseconds: milliseconds)
      case .accountSuspended: .accountSuspended
      case .secondFactorRequired: .secondFactorRequired
      case .wrongCode: .wrongCode
      default: .busy
      }
  }
}
