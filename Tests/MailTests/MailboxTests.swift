import Testing

@testable import Mail

@Suite("Mailboxes")
struct MailboxTests {
  @Test(
    "Addresses that people have are taken as they are",
    arguments: [
      "anne.martin@example.org", "a+b_c@sub.example.co", "o'neill@example.org", "x@localhost", "1=2/3@a-b.example",
    ])
  func taken(_ address: String) throws {
    #expect(try Mailbox(address).address == address)
  }

  @Test("A domain with other letters becomes its ASCII form")
  func international() throws {
    let mailbox = try Mailbox("anne@bücher.example")
    #expect(mailbox.address == "anne@xn--bcher-kva.example")
    #expect(mailbox.domain == "xn--bcher-kva.example")
  }

  @Test(
    "What could end a header, an envelope or an argument is refused, without being repeated",
    arguments: [
      "", "@", "anne", "anne@", "@example.org", "anne@example.org\r\nBcc: x@evil.example", "anne\r\n@example.org",
      "anne martin@example.org", "\"anne\"@example.org", "<anne@example.org>", "anne@example.org>", "a,b@example.org",
      "anne@-a.example", "anne@a..example", "anne@.example", "anne@exam ple.org", "anne@[127.0.0.1]",
      "anne\0@a.example",
      ".anne@example.org", "an..ne@example.org", "hélène@example.org", "anne@exa\u{2028}mple.org",
      "anne@bü/cher.example",
      "anne@\(String(repeating: "a", count: 64)).example", "\(String(repeating: "a", count: 65))@example.org",
      "anne@\(String(repeating: "a.", count: 130))example", String(repeating: "a", count: 100_000),
    ])
  func refused(_ address: String) {
    let refusal = #expect(throws: MailRefusal.self) { try Mailbox(address) }
    if address.count > 8, let refusal { #expect(!refusal.why.contains(address)) }
  }

  @Test("A local part outside of ASCII is refused by name of what it would need (RFC 6531)")
  func smtputf8() {
    let refusal = #expect(throws: MailRefusal.self) { try Mailbox("hélène@example.org") }
    #expect(refusal?.why.contains("SMTPUTF8") == true)
  }
}
