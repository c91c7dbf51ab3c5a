import Testing

@testable import Signaling

/// Close codes: the table of docs/protocol.md, section 9.
struct CloseReasonTests {
  static let all: [CloseReason] = [
    .refresh, .resumed, .serverRestarting(afterMilliseconds: .max), .helloTimeout, .tooFast, .signedOut,
    .accountSuspended,
    .notSignedIn, .unavailable(afterMilliseconds: 4_000), .accountErased, .slowReader, .tooManyConnections,
    .consentRequired,
  ]

  @Test("every code and name is in the table, and every code of the table exists, but for the transport's own")
  func table() throws {
    let documented = try Documents.table(ofSection: 9).reduce(into: [:]) { codes, row in
      codes[row[0]] = Documents.codes(in: row[1]).first ?? ""
    }
    var known = ["1003": "", "1007": "", "1009": "", "4106": "slow_writer"]
    for reason in Self.all { known["\(reason.code)"] = try JSONValue(parsing: reason.text)["code"]?.text }
    #expect(known == documented)
  }

  @Test("a reason is JSON of the golden shape and fits into a close frame: 123 bytes", arguments: all)
  func text(_ reason: CloseReason) throws {
    #expect(reason.text.utf8.count <= 123)
    let value = try JSONValue(parsing: reason.text)
    // "Come back later, after the time named": 41xx only.
    #expect((value["after_ms"] != nil) == (4100...4199).contains(reason.code))
    #expect(Set(value.members.keys).isSubset(of: ["code", "after_ms"]))
  }
}
