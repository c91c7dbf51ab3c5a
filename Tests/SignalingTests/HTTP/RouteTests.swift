import Foundation
import Testing
import Transport

@testable import Signaling

struct RouteTests {
  @Test("a path fits a route part by part, and its parameters come in their order")
  func parameters() {
    let route = Route("DELETE", "/v1/patients/{}/guardians/{}", .consented) { _, _ in HTTPResponse(status: 204) }
    #expect(route.parameters(of: ["v1", "patients", "a", "guardians", "b"]) == ["a", "b"])
    #expect(route.parameters(of: ["v1", "patients", "a", "guardians"]) == nil)
    #expect(route.parameters(of: ["v1", "patients", "a", "invitations", "b"]) == nil)
  }

  /// `GET /v1/health`, with `{}` for each parameter.
  private func documented() throws -> Set<String> {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    let text = try String(contentsOf: root.appending(path: "docs/openapi.yaml"), encoding: .utf8)
    var path = ""
    var found: Set<String> = []
    for line in text.split(separator: "\n") {
      if let match = line.wholeMatch(of: #/  (/v1/[^:]*):/#) {
        path = String(match.1.replacing(/\{[a-z_]+\}/, with: "{}"))
      } else if let match = line.wholeMatch(of: #/    (get|post|put|patch|delete):/#) {
        found.insert("\(match.1.uppercased()) \(path)")
      }
    }
    return found
  }

  @Test("docs/openapi.yaml has every route, and no other")
  func complete() throws {
    let routes = Broker.routes.map { "\($0.method) \($0.path)" }
    #expect(Set(routes).count == routes.count)
    #expect(Set(routes) == (try documented()))
  }

  @Test("what changes something is never a GET, and only what strangers need is open to anyone")
  func access() {
    let open = Broker.routes.filter { if case .anyone = $0.access { true } else { false } }.map(\.path)
    #expect(
      Set(open) == [
        "/v1/health", "/v1/session", "/v1/texts", "/v1/texts/{}/{}/{}", "/v1/practitioners", "/v1/registrations",
        "/v1/registrations/confirm", "/v1/password/forgotten", "/v1/password/reset", "/v1/email/confirm",
        "/v1/record/key",
      ])
    for route in Broker.routes where route.path.hasPrefix("/v1/operator") {
      #expect({ if case .operator = route.access { true } else { false } }(), "\(route.path)")
    }
  }
}
