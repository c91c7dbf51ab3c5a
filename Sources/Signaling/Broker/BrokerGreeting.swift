import Accounts
import Rooms
import Transport

/// Newcomers: who they are is looked up, a few at a time, and they are told all that they may know.
extension Broker {
  func greet(_ client: Client, re: Int, token: String?) {
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
}
