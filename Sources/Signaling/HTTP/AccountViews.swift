import Accounts
import Foundation
import Mail
import Rooms

/// How accounts look over HTTP (docs/openapi.yaml).
extension Broker {
  static func writeName(_ profile: Profile, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", profile.id.description)
      writer.member("given_name", profile.givenName)
      writer.member("family_name", profile.familyName)
    }
  }

  static func write(_ details: AccountDetails, to writer: inout JSONWriter) {
    let profile = details.profile
    writer.object { writer in
      writeMembers(of: profile, to: &writer)
      writer.member("language", details.language.rawValue)
      writer.key("postal_address")
      if let address = details.postalAddress {
        writer.object { writer in
          writer.member("street", address.street)
          writer.member("postal_code", address.postalCode)
          writer.member("city", address.city)
          writer.member("country", address.country)
        }
      } else {
        writer.null()
      }
      writer.member("birth_date", profile.birthDate?.description)
      writer.member("protection", profile.protection.rawValue)
      write(details.attending, to: &writer)
      writer.key("practitioner")
      if let practitioner = profile.practitioner {
        writer.object { writer in
          writer.member("rpps", practitioner.rpps.digits)
          writer.member("specialty", practitioner.specialty)
          writer.member("sector", practitioner.sector.rawValue)
          writer.member("verification", practitioner.verification.rawValue)
          writer.member("ground", details.verificationGround)
        }
      } else {
        writer.null()
      }
      writer.member("second_factor", details.hasSecondFactor)
      writer.member("created_at", details.createdAt)
      writer.member("pending_email", details.pendingEmail)
    }
  }

  static func write(_ patient: PatientDetails, on today: Rooms.CivilDate, to writer: inout JSONWriter) {
    let profile = patient.profile
    writer.object { writer in
      writer.member("id", profile.id.description)
      writer.member("relation", patient.relation?.rawValue ?? "self")
      writer.member("given_name", profile.givenName)
      writer.member("family_name", profile.familyName)
      writer.member("birth_date", profile.birthDate?.description)
      writer.member("protection", profile.protection.rawValue)
      writer.member("status", status(of: profile, on: today).rawValue)
      write(patient.attending, to: &writer)
      writer.member("own_sign_in", patient.hasOwnSignIn)
      writer.member("guardians", array: patient.guardians) { writer, guardian in
        writer.object { writer in
          writer.member("id", guardian.profile.id.description)
          writer.member("given_name", guardian.profile.givenName)
          writer.member("family_name", guardian.profile.familyName)
          writer.member("relation", guardian.relation.rawValue)
          writer.member("since", guardian.since)
          writer.member("revocable", guardian.isRevocable)
        }
      }
      writer.member("invitations", array: patient.invitations) { write($1, to: &$0) }
    }
  }

  static func write(_ invitation: Invitation, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", invitation.id.uuidString.lowercased())
      writer.member("email", invitation.email)
      writer.member("relation", invitation.relation.rawValue)
      writer.member("created_at", invitation.createdAt)
      writer.member("expires_at", invitation.expiresAt)
    }
  }

  static func write(_ invitation: ReceivedInvitation, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", invitation.id.uuidString.lowercased())
      writer.member("relation", invitation.relation.rawValue)
      writer.member("patient") { writer in
        writer.member("given_name", invitation.patientGivenName)
        writer.member("family_name", invitation.patientFamilyName)
      }
      writer.key("invited_by")
      if let inviter = invitation.inviter {
        writer.object { writer in
          writer.member("given_name", inviter.givenName)
          writer.member("family_name", inviter.familyName)
        }
      } else {
        writer.null()
      }
      writer.member("expires_at", invitation.expiresAt)
    }
  }

  static func write(_ entry: PractitionerEntry, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", entry.profile.id.description)
      writer.member("given_name", entry.profile.givenName)
      writer.member("family_name", entry.profile.familyName)
      writer.member("email", entry.profile.email)
      writer.member("rpps", entry.profile.practitioner?.rpps.digits)
      writer.member("specialty", entry.profile.practitioner?.specialty)
      writer.member("sector", entry.profile.practitioner?.sector.rawValue)
      writer.member("verification", entry.profile.practitioner?.verification.rawValue)
      writer.member("ground", entry.ground)
      writer.member("decided_at", entry.decidedAt)
      writer.member("applied_at", entry.appliedAt)
    }
  }

  static func write(_ account: OperatorAccount, to writer: inout JSONWriter) {
    writer.object { writer in
      writeMembers(of: account.profile, to: &writer)
      writer.member("created_at", account.createdAt)
      writer.key("closed")
      if let closing = account.closing {
        writer.object { writer in
          writer.member("at", closing.at)
          writer.member("ground", closing.ground)
        }
      } else {
        writer.null()
      }
      writer.member("protection", account.profile.protection.rawValue)
      writer.member("second_factor", account.hasSecondFactor)
    }
  }

  private static func write(_ attending: Attending?, to writer: inout JSONWriter) {
    writer.key("attending")
    switch attending {
    case .registered(let id, let givenName, let familyName, let specialty)?:
      writer.object { writer in
        writer.member("id", id.description)
        writer.member("given_name", givenName)
        writer.member("family_name", familyName)
        writer.member("specialty", specialty)
      }
    case .named(let name)?: writer.object { $0.member("name", name) }
    case nil: writer.null()
    }
  }

  private static func status(of profile: Profile, on today: Rooms.CivilDate) -> PatientStatus {
    guard let birthDate = profile.birthDate else { return .adult }
    return PatientFile(
      person: PersonID(profile.id), birthDate: Rooms.CivilDate(birthDate),
      protection: Rooms.Protection(profile.protection), guardians: [], attending: nil
    ).status(on: today)
  }
}
