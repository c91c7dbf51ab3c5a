import Accounts
import Foundation
import Rooms

/// A guardian beside the patient, who identifies themselves on the patient's device (CU-6.3b).
extension Broker {
  func accompany(
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
}
