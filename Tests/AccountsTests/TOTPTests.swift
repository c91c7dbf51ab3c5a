import Crypto
import Foundation
import Testing

@testable import Accounts

@Suite("Codes of authenticator apps")
struct TOTPTests {
  private let totp = TOTP(secret: Data("12345678901234567890".utf8))

  @Test(
    "They are those of RFC 6238 appendix B, of which we use the last six digits",
    arguments: [
      (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
      (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ] as [(Int64, String)])
  func vectors(seconds: Int64, code: String) {
    #expect(totp.code(step: TOTP.step(at: seconds * 1000)) == code.suffix(6))
  }

  @Test(
    "A code is good one step before and after its own",
    arguments: [(-2, false), (-1, true), (0, true), (1, true), (2, false)] as [(Int64, Bool)])
  func window(offset: Int64, isGood: Bool) {
    let now: Int64 = 1_795_399_200_000
    let code = totp.code(step: TOTP.step(at: now) + offset)
    #expect(totp.step(of: code, now: now, after: 0) == (isGood ? TOTP.step(at: now) + offset : nil))
  }

  @Test("A step that was used, or one before it, is not good any more")
  func used() {
    let now: Int64 = 1_795_399_200_000
    let step = TOTP.step(at: now)
    for offset in Int64(-1)...1 {
      let found = totp.step(of: totp.code(step: step + offset), now: now, after: step)
      #expect(found == (offset == 1 ? step + 1 : nil))
    }
  }

  @Test("Nothing else is a code", arguments: ["", "1", "12345", "1234567", "abcdef", "１２３４５６"])
  func wrong(code: String) {
    #expect(totp.step(of: code, now: 59_000, after: -1) == nil)
  }

  @Test("Base32 is that of RFC 4648 section 10, without padding")
  func base32() {
    let vectors = [
      ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
      ("foobar", "MZXW6YTBOI"),
    ]
    for (plain, encoded) in vectors { #expect(Data(plain.utf8).base32 == encoded) }
  }

  @Test("Apps are given issuer, address and secret, percent-encoded; nothing of it is printed by accident")
  func setup() {
    let setup = SecondFactorSetup(secret: Data("12345678901234567890".utf8), email: "anne+x&y@test.example")
    #expect(setup.secret == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    #expect(
      setup.uri == "otpauth://totp/MQM:anne%2Bx%26y%40test.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        + "&issuer=MQM&algorithm=SHA1&digits=6&period=30")
    for text in ["\(setup)", String(reflecting: setup), "\(totp)", "\(RecoveryCode(.system))"] {
      #expect(text == "•••")
    }
  }

  @Test("Recovery codes are read as people type them")
  func recovery() throws {
    let code = RecoveryCode(.system)
    #expect(code.text.wholeMatch(of: /[0-9a-z]{5}-[0-9a-z]{5}/) != nil && !code.text.contains(/[ilou]/))
    let typed = code.text.replacing("0", with: "O").replacing("1", with: "l").replacing("-", with: " ")
    #expect(RecoveryCode(typed.uppercased()) == code)
    #expect(RecoveryCode(code.text.replacing("-", with: "")) == code)
    for wrong in ["", "abcde", "abcde-abcd", "abcde-abcdu", "abcde-abcdef", String(repeating: "a", count: 50)] {
      #expect(RecoveryCode(wrong) == nil)
    }
  }
}
