import Testing

@testable import Mail

@Suite("The mail server's settings")
struct SMTPServerTests {
  @Test("smtps and smtp with STARTTLS are taken, with their usual ports")
  func taken() throws {
    let tls = try SMTPServer(url: "smtps://mail.example.org", user: "u", password: "p", authority: nil)
    #expect((tls.scheme, tls.host, tls.port) == ("smtps", "mail.example.org", nil))
    let starttls = try SMTPServer(url: "SMTP://mail.example.org/", user: nil, password: nil, authority: nil)
    #expect((starttls.scheme, starttls.port, starttls.clientName) == ("smtp", 587, nil))
    let named = try SMTPServer(
      url: "smtp://127.0.0.1:2525/broker.example", user: nil, password: nil, authority: "/etc/ca.pem")
    #expect((named.port, named.clientName, named.authority) == (2525, "broker.example", "/etc/ca.pem"))
  }

  @Test(
    "Other addresses are refused",
    arguments: [
      "", "mail.example.org", "http://mail.example.org", "file:///etc/passwd", "smtps://", "smtps://h:0",
      "smtps://h:70000",
      "smtps://h?x=y", "smtps://h/#x", "smtps://h/a b", "smtps://h/a%0d%0ab", "smtps://h\r\nuser = x", "smtps://h/a\"b",
    ])
  func refused(_ url: String) {
    #expect(throws: MailRefusal.self) { try SMTPServer(url: url, user: nil, password: nil, authority: nil) }
  }

  @Test("Credentials are one line each, together or not at all, and have no place in the URL; a refusal repeats none")
  func credentials() {
    for (user, password) in [("u", nil), (nil, "p"), ("", "secret"), ("a:b", "secret"), ("u", "secret\nurl = x")] {
      let refusal = #expect(throws: MailRefusal.self) {
        try SMTPServer(url: "smtps://h", user: user, password: password, authority: nil)
      }
      #expect(refusal?.why.contains("secret") == false)
    }
    let refusal = #expect(throws: MailRefusal.self) {
      try SMTPServer(url: "smtps://user:secret@h", user: nil, password: nil, authority: nil)
    }
    #expect(refusal?.why.contains("secret") == false)
  }

  @Test("The file of trusted certificates is an absolute path", arguments: ["ca.pem", "/ca\n.pem", ""])
  func authority(_ path: String) {
    #expect(throws: MailRefusal.self) { try SMTPServer(url: "smtps://h", user: nil, password: nil, authority: path) }
  }
}
