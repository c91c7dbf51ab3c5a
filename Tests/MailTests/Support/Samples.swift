import Foundation

@testable import Mail

let origin = "https://teleconsultation.example"
let token = "aZ09-_aZ09-_aZ09-_aZ09-_aZ09-_aZ09-_aZ09-_x"

/// Every kind of letter, with what an honest person would put into it.
let everyLetter: [Letter] = letters(
  name: "Anne-Sophie O'Néill", ground: "RPPS record not found on 2026-11-23", token: token)

/// - Parameter name: in the place of every name.
func letters(name: String, ground: String, token: String) -> [Letter] {
  [
    .confirmRegistration(givenName: name, token: token), .alreadyRegistered, .resetPassword(token: token),
    .passwordChanged, .confirmEmail(token: token), .emailTaken, .emailChanged, .invitation(from: name, token: token),
    .invitation(from: nil, token: token), .invitationAccepted(by: name), .guardianshipEnded(patient: name),
    .guardianshipEnded(patient: nil), .accompanimentChanged,
    .practitionerVerified, .practitionerRefused(ground: ground), .practitionerSuspended(ground: ground), .newTexts,
    .unusedAccount(closesOn: "2026-12-24"), .unusedAccompanied(person: name, closesOn: "2026-12-24"),
    .accountClosed(ground: ground), .secondFactorOn, .secondFactorOff, .consultationOverdue, .consultationRefused,
    .documentHandedOver, .consultationClosesTomorrow,
  ]
}

/// 2026-11-24T10:15:02Z in milliseconds.
let morning: Int64 = 1_795_515_302_000

func sampleMessage(
  id: Int64 = 42, to recipient: String = "anne.martin@patients.example", language: MailLanguage = .fr,
  letter: Letter = .invitation(from: "Hélène Œuvrard", token: token), at now: Int64 = morning
) throws -> MailMessage {
  try MailMessage(
    QueuedLetter(id: id, recipient: recipient, language: language, letter: letter, tries: 0),
    from: Mailbox("no-reply@mqm.example"), origin: origin, now: now)
}

/// A folder of its own for a test, removed with it.
final class TemporaryFolder {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("mail-\(UUID().uuidString)").path

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
