import Foundation
import TestSupport
import Testing

@testable import Signaling

/// Signing in and out over HTTP, against a real server.
struct BrokerRoutesTests {
  private static let origin = "Origin: \(TestClient.origin)"

  /// A broker with one account, and the body that signs it in.
  private func run(
    _ body: (BrokerFixture, BrokerFixture.Member, _ credentials: JSONValue) async throws -> Void
  ) async throws {
    try await BrokerFixture.run { fixture in
      let camille = try await fixture.patient("Camille")
      try await fixture.start()
      try await body(
        fixture, camille, ["email": .string(camille.email), "password": .string(BrokerFixture.password)])
    }
  }

  @Test("a browser gets a cookie, with which it says hello, shows its session, and signs out")
  func cookie() async throws {
    try await run { fixture, camille, credentials in
      let answer = try await fixture.http("POST", "/v1/session", headers: [Self.origin], body: credentials)
      #expect(answer.status == 200)
      #expect(answer.body["account"]?["id"] == camille.json)
      #expect(answer.body["token"] == nil)
      let header = try #require(answer.headers["set-cookie"])
      #expect(header.contains("HttpOnly; SameSite=Strict"))
      let cookie = "Cookie: " + header.prefix { $0 != ";" }
      let shown = try await fixture.http("GET", "/v1/session", headers: [cookie])
      #expect(shown.body["account"] == answer.body["account"])

      let browser = try await Peer(port: fixture.port, headers: ["Cookie": String(cookie.dropFirst(8))])
      #expect(try await browser.ask("hello")["body"]?["account"]?["id"] == camille.json)

      // Pages from elsewhere cannot sign anybody out, nor can who does not say where they are from.
      for headers in [[cookie], [cookie, "Origin: https://elsewhere.example"]] {
        let refused = try await fixture.http("DELETE", "/v1/session", headers: headers)
        #expect(refused.status == 403)
        #expect(refused.body["code"] == "origin_not_allowed")
      }
      let gone = try await fixture.http("DELETE", "/v1/session", headers: [cookie, Self.origin])
      #expect(gone.status == 204)
      #expect(gone.headers["set-cookie"]?.contains("Max-Age=0") == true)
      #expect(try await browser.closed().code == 4200)
      #expect(try await fixture.http("GET", "/v1/session", headers: [cookie]).status == 401)
    }
  }

  @Test("a cookie without an Origin does not count for a socket")
  func cookieWithoutOrigin() async throws {
    try await run { fixture, _, credentials in
      let answer = try await fixture.http("POST", "/v1/session", body: credentials)
      let cookie = String(try #require(answer.headers["set-cookie"]).prefix { $0 != ";" })
      let peer = try await Peer(port: fixture.port, headers: ["Cookie": cookie, "Origin": ""])
      #expect(try await peer.ask("hello")["error"]?["code"] == "not_signed_in")
    }
  }

  @Test("a program gets a bearer token and no cookie")
  func bearer() async throws {
    try await run { fixture, camille, credentials in
      let answer = try await fixture.http("POST", "/v1/session", body: credentials.with("bearer", true))
      #expect(answer.headers["set-cookie"] == nil)
      let token = try #require(answer.body["token"]?.text)
      #expect(try await fixture.http("GET", "/v1/session", token: token).body["account"]?["id"] == camille.json)
      #expect(try await fixture.connect().hello(token)["ok"] == true)
    }
  }

  @Test("a wrong address and a wrong password are not told apart (CU-4.1)")
  func wrongCredentials() async throws {
    try await run { fixture, _, credentials in
      let password = try await fixture.http("POST", "/v1/session", body: credentials.with("password", "not this one"))
      let address = try await fixture.http(
        "POST", "/v1/session", body: credentials.with("email", "nobody@test.example"))
      #expect(password.status == 401)
      #expect(password.body == address.body)
      #expect(password.status == address.status)
    }
  }

  @Test(
    "a body that is not of its form is refused with the member's name",
    arguments: [
      (["password": "x"], "missing_field"), (["email": "a@b.example"], "missing_field"),
      (["email": 5, "password": "x"], "invalid_field"), (["email": "a@b.example", "password": ""], "invalid_field"),
      (["email": "a@b.example", "password": "x", "bearer": "yes"], "invalid_field"), ([], "malformed"),
    ] as [(JSONValue, String)])
  func badBodies(_ body: JSONValue, _ code: String) async throws {
    try await run { fixture, _, _ in
      let answer = try await fixture.http("POST", "/v1/session", body: body)
      #expect(answer.status == 400)
      #expect(answer.body["code"]?.text == code)
    }
  }

  @Test("other types, methods, paths and origins are refused with their status and code")
  func refusals() async throws {
    try await run { fixture, _, credentials in
      let type = try await fixture.http("POST", "/v1/session", headers: ["Content-Type: text/plain"], body: credentials)
      #expect((type.status, type.body["code"]) == (415, "unsupported_media_type"))
      let method = try await fixture.http("PUT", "/v1/session", body: credentials)
      #expect((method.status, method.body["code"]) == (405, "method_not_allowed"))
      let path = try await fixture.http("GET", "/v1/nothing")
      #expect((path.status, path.body["code"]) == (404, "not_found"))
      let origin = try await fixture.http(
        "POST", "/v1/session", headers: ["Origin: https://elsewhere.example"], body: credentials)
      #expect((origin.status, origin.body["code"]) == (403, "origin_not_allowed"))
      let session = try await fixture.http("GET", "/v1/session")
      #expect((session.status, session.body["code"]) == (401, "not_signed_in"))
    }
  }
}
