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
  private func occupy(_ client: Client, _ work: @escaping () async -> Void) {
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

  // MARK: Hello

  private func greet(_ client: Client, re: Int, token: String?) {
    guard case .strange(let timer) = client.stage else { return refuse(client, re: re, .alreadyGreeted) }
    guard let secret = token ?? client.cookie else { return turnAway(client, re: re) }
    timer.cancel()
    client.stage = .greeting(nil)
    let newcomer = Newcomer(client: client, re: re, secret: secret)
    switch greetings.enter(newcomer) {
    case .now: greet(newcomer)
    case .waits: break
    case .later(let milliseconds):
      refuse(client, re: re, .busy)
      close(client, .unavailable(afterMilliseconds: Int64.random(in: milliseconds)))
    }
  }

  /// Somebody who has said hello.
  struct Newcomer {
    let client: Client
    let re: Int
    let secret: String
  }

  private func greet(_ newcomer: Newcomer) {
    Task {
      let began = ContinuousClock.now
      await lookUp(newcomer)
      let took = UInt64(clamping: Int64((ContinuousClock.now - began) / .nanoseconds(1)))
      if let next = greetings.leave(after: took) { greet(next) }
    }
  }

  private func lookUp(_ newcomer: Newcomer) async {
    let (client, re, secret) = (newcomer.client, newcomer.re, newcomer.secret)
    // Who waited may be gone.
    guard case .greeting = client.stage else { return }
    do throws(AccountRefusal) {
      let now = moment().now.milliseconds
      guard let session = try await people.accounts.session(forToken: secret, now: now) else {
        return turnAway(client, re: re)
      }
      guard case .greeting = client.stage else { return }
      let identity = Client.Identity(person: PersonID(session.account), session: session.id)
      client.stage = .greeting(identity)
      // From here on the connection is closed with the session. Was it over before, it is not found again.
      guard let guest = try await people.guest(session.account, on: moment().today),
        try await people.accounts.session(forToken: secret, now: now) != nil
      else { return turnAway(client, re: re) }
      guard try await people.accounts.consentsNeeded(of: session.account).isEmpty else {
        refuse(client, re: re, .consentRequired)
        return close(client, .consentRequired)
      }
      try await people.accounts.noteUse(of: session, now: now)
      welcome(guest, identity, client, re: re)
    } catch {
      refuse(client, re: re, .busy)
      close(client, .unavailable(afterMilliseconds: Int64.random(in: 1_000...4_000)))
    }
  }

  func turnAway(_ client: Client, re: Int?) {
    refuse(client, re: re, .notSignedIn)
    close(client, .notSignedIn)
  }

  private func welcome(_ guest: People.Guest, _ identity: Client.Identity, _ client: Client, re: Int) {
    guard case .greeting = client.stage else { return }
    guard hold(client, for: identity.person) else {
      metrics.noteHit(.accountSockets)
      refuse(client, re: re, .tooManyConnections)
      return close(client, .tooManyConnections)
    }
    client.stage = .greeted(identity)
    sessions[client.session] = client
    noteSignIn(client, identity)
    client.representsOthers = guest.patients.contains { $0.relation != nil }
    note([guest.profile])
    for patient in guest.patients { note(patient.dossier.profiles) }

    let visitor = Visitor(
      person: identity.person, practitioner: Visitor.Standing(guest.profile),
      patients: guest.patients.map(\.dossier.file.person))
    // What follows from the arrival is sent after the answer; the presence in the answer is that of before.
    let effects = hall.connect(client.id, visitor)
    reply(to: client, re: re) { write(guest, for: client, to: &$0) }
    perform(effects)
    if maintenance != nil { tellOfMaintenance([client.id]) }
  }

  private func write(_ guest: People.Guest, for client: Client, to writer: inout JSONWriter) {
    let moment = moment()
    writer.object { writer in
      writeSession(of: client, resumedAfter: nil, to: &writer)
      writer.key("account")
      Self.write(guest.profile, to: &writer)
      writer.key("practitioner")
      if let practitioner = guest.profile.practitioner {
        writer.object { writer in
          writer.member("verification", practitioner.verification.rawValue)
          writer.member("specialty", practitioner.specialty)
          writer.member("sector", practitioner.sector.rawValue)
          writer.member("presence", hall.presence(of: PersonID(guest.profile.id)).rawValue)
        }
      } else {
        writer.null()
      }
      writer.member("patients", array: guest.patients) { writer, patient in
        let file = patient.dossier.file
        writer.object { writer in
          writer.member("id", file.person)
          writer.member("given_name", directory[file.person]?.givenName ?? "")
          writer.member("family_name", directory[file.person]?.familyName ?? "")
          writer.member("relation", patient.relation?.rawValue ?? "self")
          writer.member("status", file.status(on: moment.today).rawValue)
          writer.key("attending")
          if let attending = file.attending, let listing = directory[attending] {
            writer.object { writer in
              writer.member("id", attending)
              writer.member("given_name", listing.givenName)
              writer.member("family_name", listing.familyName)
            }
          } else {
            writer.null()
          }
        }
      }
      writer.member("limits") { writer in
        writer.member("message_bytes", settings.messageBytes)
        writer.member("messages_per_second", settings.traffic.connection.messages.perSecond)
        writer.member("burst", settings.traffic.connection.messages.burst)
        writer.member("reason_characters", ClientRequest.Limit.reason)
      }
    }
  }

  static func write(_ profile: Profile, to writer: inout JSONWriter) {
    writer.object { writeMembers(of: profile, to: &$0) }
  }

  static func writeMembers(of profile: Profile, to writer: inout JSONWriter) {
    writer.member("id", profile.id.description)
    writer.member("given_name", profile.givenName)
    writer.member("family_name", profile.familyName)
    writer.member("email", profile.email)
    writer.member("roles", array: Role.allCases.filter(profile.roles.contains)) { $0.string($1.rawValue) }
  }

  // MARK: A guardian beside the patient (CU-6.3b)

  private func accompany(
    _ client: Client, re: Int, _ room: ConsultationID, _ companion: ClientRequest.Companion
  ) {
    occupy(client) { [self] in
      do throws(AccountRefusal) {
        guard let entry = hall.entries[room], hall.rooms[room]?.seat(of: client.id) == .patient else {
          // Nobody can be beside somebody who has no such seat; the hall knows how to refuse that.
          return perform(hall.unaccompany(ticket(for: client, re: re), from: client.id, room))
        }
        let now = moment().now.milliseconds
        let session: Session
        let token: String
        switch companion {
        case .credentials(let email, let password, let code):
          let signedIn = try await people.accounts.signInCompanion(
            email: email, password: password, code: code, room: room.uuid, address: client.address, now: now)
          closeClients(of: Set(signedIn.dropped.map(\.id)))
          session = signedIn.session
          token = signedIn.token.text
        case .token(let text):
          guard let found = try await people.accounts.companionSession(forToken: text, room: room.uuid, now: now)
          else { throw .wrongCredentials }
          session = found
          token = text
        }
        // From here on the end of the session, and a text that is published, are noticed.
        let candidate = Client.Identity(person: PersonID(session.account), session: session.id)
        client.candidate = candidate
        defer { client.candidate = nil }
        guard try await people.accounts.consentsNeeded(of: session.account).isEmpty else {
          _ = try? await people.accounts.signOut(token: token)
          return refuse(client, re: re, .consentRequired)
        }
        // Only now: while a password was being checked the guardian may have been unlinked.
        guard let dossier = try await dossier(of: entry.file.person) else {
          return refuse(client, re: re, .refused(.unknownPatient))
        }
        guard client.candidate != nil else { throw .wrongCredentials }
        let guardian = candidate.person
        var body = JSONWriter()
        body.object { body in
          body.member("token", token)
          body.key("guardian")
          let relation = dossier.file.guardians.first { $0.person == guardian }?.relation.rawValue
          writePerson(guardian, role: relation ?? "guardian", to: &body)
        }
        let ticket = ticket(for: client, re: re, body: body.bytes)
        let effects = hall.accompany(ticket, from: client.id, room, guardian: guardian, file: dossier.file)
        perform(effects)
        let isRefused = effects.contains { if case .refuse(ticket, _) = $0 { true } else { false } }
        // Whoever has no place there shall not keep a token for it.
        if isRefused {
          _ = try? await people.accounts.signOut(token: token)
        } else {
          client.companion = candidate
        }
      } catch {
        refuse(client, re: re, Fault(error))
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
