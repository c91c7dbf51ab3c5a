import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("Second factors")
struct SecondFactorTests {
  private let here = RemoteAddress("192.0.2.7")
  private static let step: Int64 = 30_000

  /// The authenticator app of somebody.
  private struct App {
    let totp: TOTP

    init(_ setup: SecondFactorSetup) throws {
      let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
      let bits = try setup.secret.flatMap { character in
        let value = try #require(alphabet.firstIndex(of: character))
        return (0..<5).reversed().map { UInt8(value >> $0 & 1) }
      }
      totp = TOTP(
        secret: Data(
          stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<start + 8].reduce(0) { $0 << 1 | $1 }
          }))
    }

    func code(at now: Int64) -> String { totp.code(step: TOTP.step(at: now)) }

    /// None of the codes that are good just now.
    func wrong(at now: Int64) -> String {
      let good = (-1...1).map { totp.code(step: TOTP.step(at: now) + $0) }
      return ["000000", "111111", "222222", "333333"].first { !good.contains($0) } ?? ""
    }
  }

  /// Anne with a second factor in force, begun and confirmed ten steps before `Fixture.now`.
  private func equipped(
    _ fixture: Fixture, _ roles: Set<Role> = [.patient]
  ) async throws -> (id: AccountID, app: App, recoveryCodes: [String]) {
    let anne = try await fixture.person("Anne", roles, password: Fixture.password)
    let then = Fixture.now - 10 * SecondFactorTests.step
    let setup = try await fixture.store.beginSecondFactor(
      by: fixture.session(of: anne), password: Fixture.password, address: here, now: then)
    let app = try App(setup)
    let codes = try await fixture.store.confirmSecondFactor(
      by: fixture.session(of: anne), code: app.code(at: then), address: here, now: then)
    return (anne, app, codes)
  }

  private func signIn(
    _ fixture: Fixture, _ password: String = Fixture.password, code: String?, now: Int64 = Fixture.now
  ) async throws(AccountRefusal) -> SignedIn {
    try await fixture.store.signIn(
      email: "anne@test.example", password: password, code: code, address: here, kind: .cookie, now: now)
  }

  @Test("It is in force once its first code was shown, and told by e-mail and in the audit")
  func setUp() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", password: Fixture.password)
    let setup = try await fixture.store.beginSecondFactor(
      by: fixture.session(of: anne), password: Fixture.password, address: here, now: Fixture.now)
    let app = try App(setup)
    func confirm(_ code: String) async throws(AccountRefusal) -> [String] {
      try await fixture.store.confirmSecondFactor(
        by: fixture.session(of: anne), code: code, address: here, now: Fixture.now)
    }
    #expect(await refusal { try await confirm(app.wrong(at: Fixture.now)) } == .wrongCode)
    #expect(try await !fixture.store.hasSecondFactor(anne))
    #expect(try await !signIn(fixture, code: nil).session.isStrong)
    let codes = try await confirm(app.code(at: Fixture.now))
    #expect(Set(codes).count == 10)
    #expect(try await fixture.store.hasSecondFactor(anne))
    #expect(try await fixture.letters(to: "anne@test.example") == [.secondFactorOn])
    #expect(try await fixture.actions(about: anne).last == .secondFactorOn)
    #expect(await refusal { try await confirm(app.code(at: Fixture.now)) } == .secondFactorOn)
    let again = await refusal {
      try await fixture.store.beginSecondFactor(
        by: fixture.session(of: anne), password: Fixture.password, address: here, now: Fixture.now)
    }
    #expect(again == .secondFactorOn)
  }

  @Test("Putting it in force ends all other sessions, and on the machine all of them")
  func sessions() async throws {
    let fixture = try Fixture()
    let store = fixture.store
    let anne = try await fixture.person("Anne", password: Fixture.password)
    let (own, _) = (try await fixture.session(of: anne), try await fixture.session(of: anne))
    let setup = try await store.beginSecondFactor(
      by: own, password: Fixture.password, address: here, now: Fixture.now)
    _ = try await store.confirmSecondFactor(
      by: own, code: App(setup).code(at: Fixture.now), address: here, now: Fixture.now)
    #expect(try await store.sessions(of: anne, now: Fixture.now) == [own])
    #expect(try await fixture.actions(about: anne) == [.accountCreated, .sessionsRevoked, .secondFactorOn])
    _ = try await store.setSecondFactor(of: anne, by: .commandLine, now: Fixture.now)
    #expect(try await store.sessions(of: anne, now: Fixture.now).isEmpty)
    #expect(try await fixture.actions(about: anne).suffix(2) == [.sessionsRevoked, .secondFactorOn])
  }

  @Test("Signing in takes password and code, each code is good once, and the session is strong")
  func signIn() async throws {
    let fixture = try Fixture()
    let (_, app, _) = try await equipped(fixture)
    #expect(await refusal { try await signIn(fixture, code: nil) } == .secondFactorRequired)
    #expect(await refusal { try await signIn(fixture, "not the right one", code: nil) } == .wrongCredentials)
    #expect(
      await refusal { try await signIn(fixture, "not the right one", code: app.code(at: Fixture.now)) }
        == .wrongCredentials)
    let signedIn = try await signIn(fixture, code: app.code(at: Fixture.now))
    #expect(signedIn.session.isStrong)
    #expect(try await fixture.store.session(forToken: signedIn.token.text, now: Fixture.now)?.isStrong == true)
    #expect(await refusal { try await signIn(fixture, code: app.code(at: Fixture.now)) } == .wrongCode)
    let earlier = app.code(at: Fixture.now - SecondFactorTests.step)
    #expect(await refusal { try await signIn(fixture, code: earlier) } == .wrongCode)
    let next = Fixture.now + SecondFactorTests.step
    _ = try await signIn(fixture, code: " \(app.code(at: next).prefix(3)) \(app.code(at: next).suffix(3))", now: next)
  }

  @Test("The code that put it in force is used up by that")
  func firstCode() async throws {
    let fixture = try Fixture()
    let (_, app, _) = try await equipped(fixture)
    let then = Fixture.now - 10 * SecondFactorTests.step
    #expect(await refusal { try await signIn(fixture, code: app.code(at: then), now: then) } == .wrongCode)
  }

  @Test("A recovery code is good once in place of a code, wherever one is asked for")
  func recovery() async throws {
    let fixture = try Fixture()
    let (anne, _, codes) = try await equipped(fixture)
    #expect(try await signIn(fixture, code: codes[0]).session.isStrong)
    #expect(await refusal { try await signIn(fixture, code: codes[0]) } == .wrongCode)
    try await fixture.verify(
      anne, password: Fixture.password, code: codes[1].uppercased(), address: here, now: Fixture.now)
    _ = try await fixture.store.signInCompanion(
      email: "anne@test.example", password: Fixture.password, code: codes[2], room: UUID(), address: here,
      now: Fixture.now)
  }

  @Test("A right password without the code counts neither as failure nor as success; a wrong code is a failure")
  func counting() async throws {
    let fixture = try Fixture()
    let (_, app, _) = try await equipped(fixture)
    for _ in 0..<30 { #expect(await refusal { try await signIn(fixture, code: nil) } == .secondFactorRequired) }
    for guess in 0..<6 {
      #expect(await refusal { try await signIn(fixture, code: nil) } == .secondFactorRequired, "\(guess)")
      #expect(await refusal { try await signIn(fixture, code: app.wrong(at: Fixture.now)) } == .wrongCode)
    }
    #expect(await refusal { try await signIn(fixture, code: nil) } == .tooManyAttempts(afterMilliseconds: 1000))
    let later = Fixture.now + 1000
    #expect(await refusal { try await signIn(fixture, code: nil, now: later) } == .secondFactorRequired)
    _ = try await signIn(fixture, code: app.code(at: later), now: later)
  }

  @Test("The password alone, when somebody is signed in, gives no more guesses at the code")
  func noFreeGuesses() async throws {
    let fixture = try Fixture()
    let (anne, app, _) = try await equipped(fixture)
    for _ in 0..<6 {
      let begun = await refusal {
        try await fixture.store.beginSecondFactor(
          by: fixture.session(of: anne), password: Fixture.password, address: here, now: Fixture.now)
      }
      #expect(begun == .secondFactorOn)
      let verified = await refusal {
        try await fixture.verify(
          anne, password: Fixture.password, code: app.wrong(at: Fixture.now), address: here, now: Fixture.now)
      }
      #expect(verified == .wrongCode)
    }
    let locked = await refusal {
      try await fixture.verify(
        anne, password: Fixture.password, code: app.code(at: Fixture.now), address: here, now: Fixture.now)
    }
    #expect(locked == .tooManyAttempts(afterMilliseconds: 1000))
  }

  @Test("What cannot be taken back is verified with the code where there is one, and without where there is none")
  func verify() async throws {
    let fixture = try Fixture()
    let (anne, app, _) = try await equipped(fixture)
    let hugo = try await fixture.person("Hugo", password: Fixture.password)
    let service = try await fixture.person("Service")
    func verify(_ account: AccountID, _ code: String?, _ password: String = Fixture.password) async -> AccountRefusal? {
      await refusal {
        try await fixture.verify(account, password: password, code: code, address: here, now: Fixture.now)
      }
    }
    #expect(await verify(anne, nil) == .secondFactorRequired)
    #expect(await verify(anne, app.wrong(at: Fixture.now)) == .wrongCode)
    #expect(await verify(anne, app.code(at: Fixture.now), "not the right one") == .wrongCredentials)
    #expect(await verify(anne, app.code(at: Fixture.now)) == nil)
    #expect(await verify(anne, app.code(at: Fixture.now)) == .wrongCode)
    #expect(await verify(hugo, nil) == nil)
    #expect(await verify(service, nil) == .wrongCredentials)
  }

  @Test("It is removed with password and code, and told by e-mail; operators keep theirs")
  func removed() async throws {
    let fixture = try Fixture()
    let (anne, app, codes) = try await equipped(fixture)
    func remove(_ account: AccountID, _ code: String) async -> AccountRefusal? {
      await refusal {
        try await fixture.store.removeSecondFactor(
          by: fixture.session(of: account), password: Fixture.password, code: code, address: here, now: Fixture.now)
      }
    }
    #expect(await remove(anne, app.wrong(at: Fixture.now)) == .wrongCode)
    #expect(await remove(anne, codes[0]) == nil)
    #expect(try await !fixture.store.hasSecondFactor(anne))
    #expect(try await !signIn(fixture, code: nil).session.isStrong)
    #expect(try await fixture.letters(to: "anne@test.example").last == .secondFactorOff)
    #expect(try await fixture.actions(about: anne).last == .secondFactorOff)
    #expect(await remove(anne, codes[1]) == nil, "there is none")
    #expect(try await fixture.letters(to: "anne@test.example") == [.secondFactorOn, .secondFactorOff])
    let max = try await fixture.person("Max", [.operator], password: Fixture.password)
    _ = try await fixture.store.setSecondFactor(of: max, by: .commandLine, now: Fixture.now)
    #expect(await remove(max, "000000") == .forbidden)
  }

  @Test("An operator signs in with a second factor only, made on the machine, in force at once, replacing an older one")
  func operators() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.person("Anne", [.operator], password: Fixture.password)
    #expect(await refusal { try await signIn(fixture, code: nil) } == .secondFactorMissing)
    #expect(await refusal { try await signIn(fixture, "not the right one", code: nil) } == .wrongCredentials)
    let old = try await fixture.store.setSecondFactor(of: anne, by: .commandLine, now: Fixture.now)
    let new = try await fixture.store.setSecondFactor(of: anne, by: .commandLine, now: Fixture.now)
    #expect(await refusal { try await signIn(fixture, code: nil) } == .secondFactorRequired)
    #expect(await refusal { try await signIn(fixture, code: old.recoveryCodes[0]) } == .wrongCode)
    #expect(try await signIn(fixture, code: App(new.setup).code(at: Fixture.now)).session.isStrong)
    let entry = try #require(try await fixture.store.audit().last)
    #expect(entry.action == .secondFactorOn && entry.actor == .commandLine && entry.subject == anne)
  }

  @Test("Neither secret nor recovery codes are on the disk in the clear")
  func sealed() async throws {
    let fixture = try Fixture()
    let (_, _, codes) = try await equipped(fixture)
    let anne = try await fixture.person("Operator", [.operator], password: Fixture.password)
    let made = try await fixture.store.setSecondFactor(of: anne, by: .commandLine, now: Fixture.now)
    let bytes = try fixture.bytesOnDisk()
    for secret in [made.setup.secret] + codes + codes.map({ $0.replacing("-", with: "") }) {
      #expect(bytes.range(of: Data(secret.utf8)) == nil)
    }
  }
}
