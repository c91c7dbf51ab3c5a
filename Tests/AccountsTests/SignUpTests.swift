import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("CU-1: signing up")
struct SignUpTests {
  private static let hours: Int64 = 3_600_000

  @Test("Who confirms the address with the password has the account with all that was said, and is signed in")
  func confirmed() async throws {
    let fixture = try Fixture()
    let anne = try await fixture.practitioner("Anne", rpps: "10003456786")
    try await fixture.store.setVerification(of: anne, to: .verified, ground: "x", by: .commandLine, now: Fixture.now)
    try await fixture.signUp(
      .person("Camille", [.patient, .guardian], language: .en, attending: .registered(anne)))
    #expect(try await fixture.store.profile(email: "camille@test.example") == nil, "not before")
    let letter = try #require(try await fixture.letters().last)
    #expect(letter.recipient == "camille@test.example" && letter.language == .en)
    let token = try await fixture.token(to: "camille@test.example")
    #expect(letter.letter == .confirmRegistration(givenName: "Camille", token: token) && token.utf8.count == 43)

    let signedIn = try await fixture.confirm(token)
    let profile = signedIn.profile
    #expect(profile.givenName == "Camille" && profile.roles == [.patient, .guardian] && profile.language == .en)
    #expect(profile.birthDate == (try CivilDate("1980-01-01")) && profile.attendingPhysician == anne)
    #expect(signedIn.session.kind == .cookie && signedIn.session.device == "Firefox, Linux")
    #expect(!signedIn.session.isStrong)
    let details = try #require(try await fixture.store.details(of: profile.id, now: Fixture.now))
    #expect(details.postalAddress?.city == "Paris")
    #expect(try await fixture.actions(about: profile.id) == [.accountCreated, .attendingSet])
    #expect(try await fixture.store.audit().last?.actor == .account(profile.id))
    _ = try await fixture.signIn("camille@test.example")
  }

  @Test("CU-6.7: a practitioner who signs up is pending")
  func practitioner() async throws {
    let fixture = try Fixture()
    try await fixture.signUp(.person("Hugo", [.practitioner], rpps: "10007654329"))
    let profile = try await fixture.confirm(fixture.token(to: "hugo@test.example")).profile
    #expect(profile.practitioner?.verification == .pending && profile.practitioner?.sector == .two)
  }

  @Test("A physician who was typed is kept as typed, and one who is not verified any more is left out")
  func attending() async throws {
    let fixture = try Fixture()
    try await fixture.signUp(.person("Camille", attending: .named(PersonName("Dr Typed", field: .attending))))
    let camille = try await fixture.confirm(fixture.token(to: "camille@test.example")).profile
    #expect(camille.attendingName == "Dr Typed")

    let anne = try await fixture.practitioner("Anne", rpps: "10003456786")
    let choice = AttendingChoice.registered(anne)
    #expect(
      await refusal { try await fixture.signUp(.person("Paul", attending: choice)) }?.code == "invalid_field")
    try await fixture.store.setVerification(of: anne, to: .verified, ground: "x", by: .commandLine, now: Fixture.now)
    try await fixture.signUp(.person("Paul", attending: choice))
    try await fixture.store.setVerification(of: anne, to: .suspended, ground: "x", by: .commandLine, now: Fixture.now)
    #expect(try await fixture.confirm(fixture.token(to: "paul@test.example")).profile.attendingPhysician == nil)
  }

  @Test(
    "A patient is 18 on the day in France",
    arguments: [("2008-11-23", true), ("2008-11-24", false), ("2030-01-01", false)])
  func adult(born: String, isAccepted: Bool) async throws {
    let fixture = try Fixture()
    let refused = await refusal { try await fixture.signUp(.person("Camille", born: born)) }
    #expect((refused == nil) == isAccepted && (isAccepted || refused?.code == "invalid_field"))
  }

  @Test("CU-4.1: an address with an account, a closed one and an unknown one are alike, in the answer and in the work")
  func alike() async throws {
    let fixture = try Fixture()
    _ = try await fixture.person("Anne", password: Fixture.password)
    let closed = try await fixture.person("Closed")
    try await fixture.store.suspend(closed, ground: "x", by: .commandLine, now: Fixture.now)
    try await fixture.deliverLetters()
    for name in ["Anne", "Closed", "Nobody"] {
      let cost = try await fixture.cost { try await fixture.signUp(.person(name, password: "another good one")) }
      #expect(cost == Fixture.Cost(hashes: 1, commits: 1), "\(name)")
    }
    #expect(try await fixture.store.counts(now: Fixture.now).registrationsOpen == 3, "as many rows for each")
    #expect(try await fixture.letters(to: "anne@test.example") == [.alreadyRegistered])
    #expect(try await fixture.letters(to: "closed@test.example") == [.alreadyRegistered])
    #expect(try await fixture.letters(to: "nobody@test.example").count == 1)
    _ = try await fixture.signIn("anne@test.example")
  }

  @Test("The link is good for 48 hours, to the millisecond, and once", arguments: [(-1, true), (0, false)])
  func expiry(offset: Int64, isGood: Bool) async throws {
    let fixture = try Fixture()
    try await fixture.signUp(.person("Camille"))
    let token = try await fixture.token(to: "camille@test.example")
    let end = Fixture.now + 48 * SignUpTests.hours + offset
    let refused = await refusal { try await fixture.confirm(token, now: end) }
    #expect(refused == (isGood ? nil : .linkInvalid))
    #expect(await refusal { try await fixture.confirm(token, now: end) } == .linkInvalid)
  }

  @Test("Nobody has an account that somebody else made in their name: the password that was chosen is needed")
  func planted() async throws {
    let fixture = try Fixture()
    try await fixture.signUp(.person("Camille"))
    let token = try await fixture.token(to: "camille@test.example")
    for guess in 0..<6 {
      let refused = await refusal {
        try await fixture.confirm(token, "not the right one", from: "192.0.2.\(guess)")
      }
      #expect(refused == .wrongCredentials)
    }
    let before = fixture.hashing.count
    #expect(
      await refusal { try await fixture.confirm(token, from: "192.0.2.9") } == .tooManyAttempts(afterMilliseconds: 1000)
    )
    #expect(fixture.hashing.count == before)
    _ = try await fixture.confirm(token, now: Fixture.now + 1000)
  }

  @Test("Three sign-ups of an address may wait, the oldest goes, and confirming one forgets the others")
  func several() async throws {
    let fixture = try Fixture()
    var tokens: [String] = []
    for number in 0..<4 {
      try await fixture.signUp(
        .person("Camille", password: "password number \(number)"), now: Fixture.now + Int64(number))
      tokens.append(try await fixture.token(to: "camille@test.example"))
    }
    #expect(await refusal { try await fixture.confirm(tokens[0], "password number 0") } == .linkInvalid)
    _ = try await fixture.confirm(tokens[2], "password number 2")
    for number in [1, 3] {
      #expect(await refusal { try await fixture.confirm(tokens[number], "password number \(number)") } == .linkInvalid)
    }
    _ = try await fixture.signIn("camille@test.example", "password number 2")
  }

  @Test("What was taken meanwhile is told, and nothing is made")
  func taken() async throws {
    let fixture = try Fixture()
    try await fixture.signUp(.person("Hugo", [.practitioner], rpps: "10007654329"))
    try await fixture.signUp(.person("Camille"))
    _ = try await fixture.practitioner("Other", rpps: "10007654329")
    _ = try await fixture.person("Camille")
    let before = try await fixture.store.audit().count
    let hugo = try await fixture.token(to: "hugo@test.example")
    #expect(await refusal { try await fixture.confirm(hugo) } == .rppsTaken)
    let camille = try await fixture.token(to: "camille@test.example")
    #expect(await refusal { try await fixture.confirm(camille) } == .emailTaken)
    #expect(try await fixture.store.audit().count == before)
    let known = try SignUp.person("Third", [.practitioner], rpps: "10007654329")
    #expect(await refusal { try await fixture.signUp(known) } == .rppsTaken)
  }

  @Test("5 free letters to an e-mail address, and 20 sign-ups from a remote one, then locks before any work")
  func throttled() async throws {
    let fixture = try Fixture()
    for number in 0..<6 { try await fixture.signUp(.person("Camille"), from: "192.0.2.\(number)") }
    let before = fixture.hashing.count
    let locked = AccountRefusal.tooManyAttempts(afterMilliseconds: 1000)
    #expect(await refusal { try await fixture.signUp(.person("Camille"), from: "192.0.2.8") } == locked)
    for number in 0..<21 { try await fixture.signUp(.person("Person\(number)"), from: "198.51.100.1") }
    #expect(await refusal { try await fixture.signUp(.person("Last"), from: "198.51.100.1") } == locked)
    #expect(fixture.hashing.count == before + 21)
    try await fixture.signUp(.person("Last"), from: "198.51.100.1", now: Fixture.now + 1000)
  }

  @Test("When too many passwords wait to be hashed, a sign-up is refused as busy, and does not count")
  func busy() async throws {
    let fixture = try Fixture(AccountSettings(cost: .cheap, hashingWorkers: 1, hashingQueue: 0))
    let gate = DispatchSemaphore(value: 0)
    fixture.hashing.close(with: gate)
    async let first: Void = fixture.signUp(.person("Anne"))
    while fixture.hashing.count < 1 { await Task.yield() }
    for _ in 0..<30 {
      #expect(await refusal { try await fixture.signUp(.person("Camille")) } == .busy(afterMilliseconds: 2000))
    }
    gate.signal()
    try await first
    #expect(try await fixture.letters().map(\.recipient) == ["anne@test.example"])
  }

  @Test("20 wrong tokens from an address are free, and right ones do not count")
  func tokens() async throws {
    let fixture = try Fixture()
    let wrong = String(repeating: "x", count: 43)
    for number in 0..<21 {
      let token = number.isMultiple(of: 2) ? wrong : "no token"
      #expect(await refusal { try await fixture.confirm(token) } == .linkInvalid)
    }
    #expect(await refusal { try await fixture.confirm(wrong) } == .tooManyAttempts(afterMilliseconds: 1000))
    #expect(await refusal { try await fixture.confirm(wrong, from: "192.0.2.10") } == .linkInvalid)
    #expect(fixture.hashing.count == 0)
  }

  @Test("Neither token nor password is on the disk once the letter is sent, and what was said goes when it expires")
  func notInTheClear() async throws {
    let fixture = try Fixture()
    try await fixture.signUp(.person("Camille", email: "canary.newcomer@test.example"))
    let token = try await fixture.token(to: "canary.newcomer@test.example")
    #expect(try fixture.bytesOnDisk().range(of: Data(token.utf8)) != nil, "this search finds what is there")
    try await fixture.deliverLetters()
    #expect(try await fixture.store.scrub())
    for secret in [token, Fixture.password] {
      #expect(try fixture.bytesOnDisk().range(of: Data(secret.utf8)) == nil)
    }
    try await fixture.store.sweepExpired(now: Fixture.now + 48 * SignUpTests.hours - 1)
    #expect(try fixture.bytesOnDisk().range(of: Data("canary.newcomer".utf8)) != nil)
    try await fixture.store.sweepExpired(now: Fixture.now + 48 * SignUpTests.hours)
    #expect(try await fixture.store.scrub())
    #expect(try fixture.bytesOnDisk().range(of: Data("canary.newcomer".utf8)) == nil)
  }

  @Test("What is not a person's to have is refused", arguments: [Role.operator])
  func roles(role: Role) {
    #expect(throws: AccountRefusal.self) { try SignUp.person("Max", [role]) }
  }
}
