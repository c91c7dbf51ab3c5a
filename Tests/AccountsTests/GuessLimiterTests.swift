import Testing

@testable import Accounts

@Suite("Guessing passwords is slow")
struct GuessLimiterTests {
  private let here = RemoteAddress("192.0.2.1")

  private func email(_ name: String) throws -> EmailAddress { try EmailAddress("\(name)@test.example") }

  @Test(
    "Locks double from 1 s to 15 min after 5 free failures",
    arguments: [
      (0, 0), (5, 0), (6, 1000), (7, 2000), (8, 4000), (9, 8000), (10, 16_000), (11, 32_000), (12, 64_000),
      (13, 128_000), (14, 256_000), (15, 512_000), (16, 900_000), (17, 900_000), (1_000_000, 900_000),
    ])
  func locks(failures: Int, lock: Int64) {
    #expect(GuessLimiter.Figures.account.lock(afterFailures: failures) == lock)
  }

  @Test("An account is locked from wherever the guesses come")
  func account() throws {
    var limiter = GuessLimiter()
    for guess in 0..<6 {
      let address = RemoteAddress("192.0.2.\(guess)")
      #expect(limiter.begin(email: try email("anne"), address: address, now: 0) == .allowed)
    }
    #expect(limiter.begin(email: try email("anne"), address: here, now: 400) == .refused(afterMilliseconds: 600))
    #expect(limiter.begin(email: try email("hugo"), address: here, now: 400) == .allowed)
    #expect(limiter.begin(email: try email("anne"), address: here, now: 1000) == .allowed)
    #expect(limiter.begin(email: try email("anne"), address: here, now: 1000) == .refused(afterMilliseconds: 2000))
  }

  @Test("An address is locked whoever is guessed at, and so is its whole IPv6 network")
  func address() throws {
    var limiter = GuessLimiter()
    for guess in 0..<21 {
      let address = RemoteAddress("2001:db8::\(guess)")
      #expect(limiter.begin(email: try email("person\(guess)"), address: address, now: 0) == .allowed)
    }
    let neighbour = RemoteAddress("2001:db8::ffff")
    #expect(limiter.begin(email: try email("anne"), address: neighbour, now: 0) == .refused(afterMilliseconds: 1000))
    #expect(limiter.begin(email: nil, address: neighbour, now: 0) == .refused(afterMilliseconds: 1000))
    let stranger = RemoteAddress("2001:db8:0:1::1")
    #expect(limiter.begin(email: try email("anne"), address: stranger, now: 0) == .allowed)
  }

  @Test("Success forgets the account's failures, and leaves the address's")
  func success() throws {
    var limiter = GuessLimiter(
      account: .init(free: 3, forgivenEvery: 1_000_000), address: .init(free: 5, forgivenEvery: 1_000_000))
    for _ in 0..<3 { _ = limiter.begin(email: try email("anne"), address: here, now: 0) }
    #expect(limiter.begin(email: try email("anne"), address: here, now: 0) == .allowed)
    limiter.succeeded(email: try email("anne"), address: here)
    #expect(limiter.begin(email: try email("anne"), address: here, now: 0) == .allowed)
    #expect(limiter.begin(email: try email("anne"), address: here, now: 0) == .allowed)
    #expect(limiter.begin(email: try email("anne"), address: here, now: 0) == .allowed)
    #expect(limiter.begin(email: try email("hugo"), address: here, now: 0) == .refused(afterMilliseconds: 1000))
  }

  @Test("Signing in rightly all day never locks")
  func manySuccesses() throws {
    var limiter = GuessLimiter()
    for _ in 0..<1000 {
      #expect(limiter.begin(email: try email("anne"), address: here, now: 0) == .allowed)
      limiter.succeeded(email: try email("anne"), address: here)
    }
    #expect(limiter.count == 0)
  }

  @Test("An attempt that was not judged does not count")
  func abandoned() throws {
    var limiter = GuessLimiter()
    for _ in 0..<1000 {
      #expect(limiter.begin(email: try email("anne"), address: here, now: 0) == .allowed)
      limiter.abandoned(email: try email("anne"), address: here)
    }
    #expect(limiter.count == 0)
  }

  @Test("An attempt that does not count leaves no lock behind, and earlier failures as they were")
  func abandonedLate() throws {
    var limiter = GuessLimiter()
    for _ in 0..<6 { _ = limiter.begin(email: try email("anne"), address: here, now: 0) }
    for _ in 0..<10 {
      #expect(limiter.begin(email: try email("anne"), address: here, now: 1000) == .allowed)
      limiter.abandoned(email: try email("anne"), address: here)
    }
    #expect(limiter.begin(email: try email("anne"), address: here, now: 1000) == .allowed)
    #expect(limiter.begin(email: try email("anne"), address: here, now: 1000) == .refused(afterMilliseconds: 2000))
  }

  @Test("A lock can be lifted for an e-mail address; that of the remote address stays")
  func lifted() throws {
    var limiter = GuessLimiter()
    for _ in 0..<6 { _ = limiter.begin(email: try email("anne"), address: here, now: 0) }
    for guess in 0..<15 { _ = limiter.begin(email: try email("person\(guess)"), address: here, now: 0) }
    limiter.lift(try email("anne"))
    #expect(limiter.begin(email: try email("anne"), address: .unknown, now: 0) == .allowed)
    #expect(limiter.begin(email: try email("anne"), address: here, now: 0) == .refused(afterMilliseconds: 1000))
  }

  @Test("60 searches a minute from an address are free, and 60 a minute go on")
  func searches() throws {
    let fixture = try Fixture()
    var admitted = 0
    for second in Int64(0)..<600 {
      for _ in 0..<61 where (try? fixture.store.admitSearch(address: here, now: second * 1000)) != nil { admitted += 1 }
      if second == 0 { #expect(admitted == 61) }
    }
    #expect((300...661).contains(admitted), "\(admitted)")
    try fixture.store.admitSearch(address: .unknown, now: 0)
  }

  @Test("One failure is forgiven each hour")
  func forgiving() throws {
    var limiter = GuessLimiter()
    let hour: Int64 = 3_600_000
    for _ in 0..<6 { _ = limiter.begin(email: try email("anne"), address: here, now: 0) }
    #expect(limiter.begin(email: try email("anne"), address: here, now: 2 * hour) == .allowed)
    #expect(limiter.begin(email: try email("anne"), address: here, now: 2 * hour) == .allowed, "5 of 6 and 2 forgiven")
    #expect(limiter.begin(email: try email("anne"), address: here, now: 2 * hour) == .refused(afterMilliseconds: 1000))
    #expect(limiter.begin(email: try email("anne"), address: here, now: 30 * hour) == .allowed)
  }

  @Test("A day of guessing at one account gets about a hundred guesses")
  func aDay() throws {
    var limiter = GuessLimiter()
    var guesses = 0
    var now: Int64 = 0
    while now < 86_400_000 {
      switch limiter.begin(
        email: try email("anne"), address: RemoteAddress("10.0.\(guesses / 256).\(guesses % 256)"), now: now)
      {
      case .allowed: guesses += 1
      case .refused(let wait): now += wait
      }
    }
    #expect((90...125).contains(guesses), "\(guesses)")
  }

  @Test("A clock that is set back locks nobody for longer than the longest lock")
  func clockSetBack() throws {
    var limiter = GuessLimiter()
    for _ in 0..<6 { _ = limiter.begin(email: try email("anne"), address: here, now: 1_000_000_000) }
    #expect(limiter.begin(email: try email("anne"), address: here, now: 0) == .refused(afterMilliseconds: 900_000))
  }

  @Test("It remembers no more keys than it may, and forgets the oldest first")
  func bounded() throws {
    var limiter = GuessLimiter(capacity: 1000)
    for _ in 0..<6 { _ = limiter.begin(email: try email("anne"), address: here, now: 0) }
    for guess in 0..<200 {
      _ = limiter.begin(email: try email("person\(guess)"), address: .ipv4(UInt32(guess)), now: 0)
    }
    #expect(limiter.begin(email: try email("anne"), address: .unknown, now: 0) == .refused(afterMilliseconds: 1000))
    for guess in 200..<5000 {
      _ = limiter.begin(email: try email("person\(guess)"), address: .ipv4(UInt32(guess)), now: 0)
      #expect(limiter.count <= 1000)
    }
    #expect(limiter.begin(email: try email("anne"), address: .unknown, now: 0) == .allowed, "forgotten")
  }
}
