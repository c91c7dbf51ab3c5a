import Testing

@testable import TURN

struct TURNCredentialsTests {
  private let text = "a-secret-of-thirty-two-characters"
  private var secret: TURNSecret { TURNSecret(text)! }

  // printf '1795405200:seat' | openssl dgst -sha1 -hmac a-secret-of-thirty-two-characters -binary | base64
  @Test("User name and password are those of coturn's REST scheme, computed by openssl")
  func vector() {
    let made = TURNCredentials(secret: secret, bearer: "seat", expiresAt: 1_795_405_200_999)
    #expect(made.username == "1795405200:seat")
    #expect(made.password == "T84ZDoARdXPS5W+4cqCm6Hv6HJw=")
    #expect(made.expiresAt == 1_795_405_200_000)
  }

  @Test("Secrets for two purposes are different, the same each time, and begin in a way of their own")
  func derived() {
    let one = secret.derived(for: "one")
    #expect(one == secret.derived(for: "one"))
    #expect(one != secret.derived(for: "two"))
    #expect(one.text.hasPrefix(secret.derivedPrefix) && !one.text.contains(text))
    let other = TURNSecret("another-secret-of-this-length")
    #expect(other?.derivedPrefix != secret.derivedPrefix)
    #expect(TURNSecret(one.text) == one, "it goes into coturn as it is")
  }

  @Test(
    "A secret that could be guessed, or that breaks out of a quoted text, is none",
    arguments: [
      "", "short", "fifteen-letters", "with a space in it", "with-a-quote-'-in-it", "with-a-quote-\"-in-it",
      "with-a-\\-in-it-here",
      "with-a-line\n-in-it-here", "avec-un-é-dedans-ici", String(repeating: "a", count: 201),
    ])
  func refused(text: String) {
    #expect(TURNSecret(text) == nil)
  }

  @Test("Neither secret nor password is shown by accident")
  func quiet() {
    let made = TURNCredentials(secret: secret, bearer: "seat", expiresAt: 1_795_405_200_000)
    var dumped = "\(secret) \(String(reflecting: secret)) \(made) \(String(reflecting: made))"
    dump((secret, made), to: &dumped)
    #expect(!dumped.contains(text) && !dumped.contains(made.password))
  }
}

struct TURNServerURLTests {
  @Test(
    "RFC 7064 and RFC 7065: what browsers take",
    arguments: [
      ("stun:stun.example", "stun.example", 3_478, false, TURNServerURL.Transport.udp),
      ("turn:turn.example:3478?transport=udp", "turn.example", 3_478, false, .udp),
      ("turn:turn.example?transport=tcp", "turn.example", 3_478, false, .tcp),
      ("turns:turn.example:443?transport=tcp", "turn.example", 443, true, .tcp),
      ("turns:turn.example", "turn.example", 5_349, true, .tcp),
      ("turn:[2001:db8::1]:3479", "2001:db8::1", 3_479, false, .udp),
      ("turn:192.0.2.1", "192.0.2.1", 3_478, false, .udp),
    ])
  func read(text: String, host: String, port: Int, isSecure: Bool, transport: TURNServerURL.Transport) throws {
    let url = try #require(TURNServerURL(text))
    #expect(url.host == host && Int(url.port) == port && url.isSecure == isSecure && url.transport == transport)
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "", "turn", "turn:", "turn:/turn.example", "turn://turn.example", "http://turn.example", "turn:user@turn.example",
      "turn:turn.example:0", "turn:turn.example:65536", "turn:turn.example:", "turn:turn.example?transport=sctp",
      "turn:turn.example?transport=", "stun:stun.example?transport=udp", "turn:[2001:db8::1", "turn:[turn.example]",
      "turn:2001:db8::1", "TURN:turn.example", "turn:tu rn.example",
    ])
  func refused(text: String) {
    #expect(TURNServerURL(text) == nil)
  }
}
