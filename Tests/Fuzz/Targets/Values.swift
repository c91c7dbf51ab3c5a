import Foundation
import Rooms

@testable import Accounts
@testable import Signaling
@testable import Transport

extension FuzzTarget {
  /// Everything small that a stranger may write: tokens, cookies, ids, names, dates, numbers, ranges, headers. What is
  /// accepted must be within its bounds, and be read again from how it is written.
  static let values = FuzzTarget(name: "values") { bytes in
    let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
    check(isValidUTF8(bytes) == isUTF8, "UTF-8 is something else here")
    checkParts(bytes, isUTF8: isUTF8)
    let text = String(decoding: bytes, as: UTF8.self)
    credentials(text)
    people(text)
    headers(text)
  }

  /// However a text comes in pieces, the same is made of it.
  private static func checkParts(_ bytes: UnsafeRawBufferPointer, isUTF8: Bool) {
    var whole: Int? = 0
    for end in stride(from: 1, through: bytes.count, by: 3) {
      guard let checked = whole else { break }
      whole = wholeCharacters(UnsafeRawBufferPointer(rebasing: bytes[..<end]), from: checked)
    }
    let end = whole.flatMap { wholeCharacters(bytes, from: $0) }
    check((end == bytes.count) == isUTF8, "UTF-8 in pieces is something else than at once")
  }

  private static func credentials(_ text: String) {
    for secure in [true, false] {
      if let token = SessionCookie.read(text, secure: secure) {
        check(text.contains("mqm_session=" + token), "a cookie that is not there")
        if let token = SessionToken(token) {
          let written = SessionCookie.set(token.text, lifetimeSeconds: 1, secure: secure)
          check(SessionCookie.read(written, secure: secure) == token.text, "a cookie that changes")
        }
      }
    }
    if let token = SessionToken(text) {
      check(token.text == text && "\(token)" == "•••", "a token that changes, or shows itself")
      check(token.digest.count == 32, "a digest of another length")
    }
    if let code = RecoveryCode(text) { check(RecoveryCode(code.text) == code, "a recovery code that changes") }
    if let password = try? Password(text) { check(password.bytes.count <= Password.maximumBytes, "a long password") }
    if let digest = Data(sha256: text) { check(digest.hexadecimal == text.lowercased(), "a digest that changes") }
  }

  private static func people(_ text: String) {
    if let id = AccountID(text) { check(AccountID("\(id)") == id, "an account's id that changes") }
    if let id = PersonID(text) { check(PersonID("\(id)") == id && "\(id)".utf8.count == 36, "an id that changes") }
    if let address = try? EmailAddress(text) {
      check(address.text.utf8.count <= EmailAddress.maximumBytes, "a long address")
      check(!address.text.utf8.contains { $0 <= 0x20 || $0 == 0x7f }, "an address with control characters")
      check((try? EmailAddress(address.text)) == address, "an address that changes: \(address.text.debugDescription)")
    }
    if let name = try? PersonName(text, field: .familyName) {
      check(name.text.utf8.count <= PersonName.maximumBytes, "a long name")
      check((try? PersonName(name.text, field: .familyName)) == name, "a name that changes")
    }
    if let date = try? Accounts.CivilDate(text) { check(date.description == text, "a date that changes") }
    if let number = try? RPPS(text) { check((try? RPPS(number.digits)) == number, "an RPPS number that changes") }
    if let number = try? SocialSecurityNumber(text) {
      check(number.text.utf8.count == 15, "a NIR of another length")
      check((try? SocialSecurityNumber(number.text)) == number, "a NIR that changes")
    }
    _ = try? ImportedAccount(json: text, line: 1)
  }

  private static func headers(_ text: String) {
    for count in [0, 1, 1_000] {
      if case .part(let range) = ByteRange(text, of: count) {
        check(!range.isEmpty && range.lowerBound >= 0 && range.upperBound <= count, "a range beyond the content")
      }
    }
    if let range = ContentRange(text) {
      check(!range.bytes.isEmpty && range.bytes.upperBound <= range.total, "a range beyond its total")
    }
    if let name = DocumentName(text) {
      check(DocumentName(name.text) == name, "a document's name that changes")
      let header = DocumentName.forFile(name.text, .pdf)
      check(header.utf8.allSatisfy { 0x20..<0x7f ~= $0 }, "a header with what must not be in it")
      check(header.utf8.count { $0 == UInt8(ascii: "\"") } == 2, "a header with quotes of the name")
    }
    let header = Header(text, text)
    let isSplit = (header.name + header.value).unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
    check(!isSplit, "a split header")
    _ = Device.name(userAgent: text)
    if isAddress(text) { check(RemoteAddress(text) != .unknown, "an address that is none") }
    _ = RemoteAddress(text)
    let logged = Library.withoutAddresses(Library.withoutPrefix(text))
    check(logged.utf8.count <= text.utf8.count + 10 * text.utf8.count, "a line that grows")
  }
}
