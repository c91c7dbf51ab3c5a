import Testing

@testable import Signaling

/// The cookie of a browser's session.
struct SessionCookieTests {
  @Test(
    "the token is found among other cookies, and only under its own name",
    arguments: [
      ("mqm_session=abc", "abc"), ("a=1; mqm_session=abc; b=2", "abc"), ("a=1;mqm_session=abc", "abc"),
      ("mqm_session=a=b", "a=b"), ("mqm_session=", ""), ("", nil), ("mqm_session", nil), ("mqm_sessio=abc", nil),
      ("mqm_session2=abc", nil), ("xmqm_session=abc", nil), ("x=mqm_session=abc", nil), ("MQM_SESSION=abc", nil),
      ("a=1, mqm_session=abc", nil), ("__Host-mqm_session=abc", nil),
      // Of two, one was put there by somebody else.
      ("mqm_session=abc; mqm_session=def", nil), ("mqm_session=abc;mqm_session=abc", nil),
    ] as [(String, String?)])
  func read(_ header: String, _ token: String?) {
    #expect(SessionCookie.read(header, secure: false) == token)
  }

  @Test("with TLS only the name that other origins cannot set counts (RFC 6265bis, 4.1.3)")
  func readSecure() {
    #expect(SessionCookie.read("__Host-mqm_session=abc", secure: true) == "abc")
    #expect(SessionCookie.read("mqm_session=abc", secure: true) == nil)
    #expect(SessionCookie.read("mqm_session=evil; __Host-mqm_session=abc", secure: true) == "abc")
    #expect(SessionCookie.read(nil, secure: true) == nil)
  }

  @Test("it is for this server alone, out of reach of scripts, and gone when cleared")
  func set() {
    #expect(
      SessionCookie.set("abc", lifetimeSeconds: 60, secure: false)
        == "mqm_session=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict")
    #expect(
      SessionCookie.set("abc", lifetimeSeconds: 60, secure: true)
        == "__Host-mqm_session=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure")
    #expect(SessionCookie.clear(secure: false) == "mqm_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict")
  }
}
