import Foundation
import Mail
import Testing

@testable import Accounts

@Suite("CU-11: the export of everything held about a person")
struct ExportTests {
  private func object(_ export: PersonExport) throws -> [String: Any] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return try #require(try JSONSerialization.jsonObject(with: encoder.encode(export)) as? [String: Any])
  }

  /// Schema and value side by side: what a schema of this project's own needs, and nothing more.
  private func check(_ value: Any, _ schema: [String: Any], at path: String) {
    if let properties = schema["properties"] as? [String: [String: Any]] {
      guard let value = value as? [String: Any] else {
        Issue.record("\(path) is no object")
        return
      }
      #expect(Set(value.keys).isSubset(of: properties.keys), "\(path)")
      #expect(Set(schema["required"] as? [String] ?? []).isSubset(of: value.keys), "\(path)")
      for (key, member) in value {
        if let schema = properties[key] { check(member, schema, at: "\(path).\(key)") }
      }
    } else if let items = schema["items"] as? [String: Any] {
      for (index, item) in (value as? [Any] ?? []).enumerated() { check(item, items, at: "\(path)[\(index)]") }
      #expect(value is [Any], "\(path)")
    } else {
      switch schema["type"] as? String {
      case "string": #expect(value is String, "\(path)")
      case "integer": #expect(value is Int, "\(path)")
      default: Issue.record("\(path) has a type that the test does not know")
      }
      if let values = schema["enum"] as? [String] { #expect(values.contains(value as? String ?? ""), "\(path)") }
      if schema["format"] as? String == "date-time" {
        #expect((value as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(path)")
      }
    }
  }

  private func schema() throws -> [String: Any] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../docs/export.schema.json"
    ).standardized
    let data = try Data(contentsOf: file)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test("It is as docs/export.schema.json says, with every section filled")
  func structure() async throws {
    let fixture = try Fixture()
    try await fixture.publish(LegalText.all(1))
    let julie = try await fixture.plantCanaries()
    let anne = try await fixture.practitioner("Anne", rpps: "10003456786")
    var schema = try schema()
    var required = try #require(schema["required"] as? [String])
    #expect(required.contains("consultations"))
    required.removeAll { $0 == "consultations" }
    schema["required"] = required
    for account in [julie, anne, try await fixture.person("Guarded", born: "2012-01-01")] {
      if account != julie && account != anne { try await fixture.link(account, julie, .parent) }
      let export = try await fixture.store.export(of: account, now: Fixture.now)
      check(try object(export), schema, at: "export")
    }
    let export = try object(await fixture.store.export(of: julie, now: Fixture.now))
    for key in ["account", "patient", "health_file", "consents", "represents", "sessions", "audit", "letters"] {
      #expect(export[key] != nil, "\(key)")
    }
    #expect((export["consents"] as? [Any])?.count == 2 && (export["represents"] as? [Any])?.count == 3)
    #expect(export["exported_at"] as? String == "2026-11-23T02:00:00.000Z")
    let properties = try #require(schema["properties"] as? [String: Any])
    #expect(Set(PersonExport.CodingKeys.allCases.map(\.rawValue)).union(["consultations"]) == Set(properties.keys))
  }

  @Test("It has all that was entered, and no secret of anybody's")
  func contents() async throws {
    let fixture = try Fixture()
    try await fixture.publish(LegalText.all(1))
    let julie = try await fixture.plantCanaries()
    let token = try await fixture.store.issueToken(for: julie, by: .commandLine, now: Fixture.now).token
    let text = String(
      decoding: try JSONEncoder().encode(await fixture.store.export(of: julie, now: Fixture.now)), as: UTF8.self)
    for canary in Canary.all { #expect(text.contains(canary), "\(canary)") }
    #expect(!text.contains(token.text) && !text.contains("digest"))
    for hidden in ["teen@test.example", "other@test.example", "2012-01-01"] { #expect(!text.contains(hidden)) }
    #expect(await refusal { try await fixture.store.export(of: AccountID(UUID()), now: 0) } == .unknownAccount)
  }
}
