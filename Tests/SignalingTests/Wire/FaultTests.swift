import Rooms
import Testing

@testable import Signaling

/// Error codes: the table of docs/protocol.md, section 8, and nothing else.
struct FaultTests {
  static let refusals: [Refusal] = [
    .forbidden, .notVerified, .unknownConsultation, .unknownPatient, .noAttendingPhysician, .tooManyRequests,
    .alreadyClaimed(by: PersonID(high: 1, low: 1)), .wrongState(.open), .consultationEnded, .consultationCancelled,
    .consultationClosed, .notOverdue, .unknownPhysician, .documentsUnfetched(2), .tooManyIncidents,
    .tooManyChanges,
    .notAdmitted, .seatTaken(bySelf: true), .seatTaken(bySelf: false), .notSeated, .peerAbsent,
    .personsRule(missing: [.guardian]), .staleNegotiation, .attestationMismatch, .keyReused, .unavailable,
  ]
  private static let maintenance: [Fault] =
    (try? Maintenance(message: "x", until: 5, limit: 5, endsProcess: true)).map {
      [.maintenance($0, afterMilliseconds: 5)]
    } ?? []
  static let all: [Fault] =
    [
      .malformed, .unknownType, .invalid(.missing("a")), .invalid(.invalid("a")), .tooFast(afterMilliseconds: 5),
      .tooManyConnections, .helloRequired, .alreadyGreeted, .notSignedIn, .wrongCredentials, .accountSuspended,
      .tooManyAttempts(afterMilliseconds: 5), .consentRequired, .secondFactorRequired, .wrongCode, .busy,
    ] + maintenance + refusals.map { .refused($0) }

  /// The codes of the table with what it says of retrying; those for HTTP only apart.
  private func documented() throws -> (socket: [String: String], http: Set<String>) {
    var socket: [String: String] = [:]
    var http: Set<String> = []
    for row in try Documents.table(ofSection: 8) {
      for code in Documents.codes(in: row[0]) {
        if row[1].hasPrefix("HTTP only") { http.insert(code) } else { socket[code] = row[2] }
      }
    }
    return (socket, http)
  }

  @Test("every code is in the table, and every code of the table exists")
  func codes() throws {
    #expect(Set(Self.all.map(\.code)) == Set(try documented().socket.keys))
  }

  @Test("whether to try again is as in the table", arguments: all)
  func retry(_ fault: Fault) throws {
    let documented = try #require(try documented().socket[fault.code])
    switch fault.retry {
    case .never: #expect(documented == "never")
    case .later(let milliseconds):
      #expect(documented == "later")
      #expect(milliseconds > 0)
    }
  }

  @Test("the codes of HTTP alone are those of the table, but for the one that the transport gives")
  func httpCodes() throws {
    let own = [Problem.notFound, .methodNotAllowed([]), .unsupportedMediaType, .originNotAllowed].map(\.code)
    let documents = [Refusal.tooManyDocuments, .unknownDocument, .alreadyFetched].map(\.code)
    let transfers = ["wrong_offset", "content_mismatch", "range_not_satisfiable", "too_many_answers"]
    #expect(Set(own + documents + transfers + ["too_large"]) == (try documented().http))
  }

  @Test("every fault has a sentence", arguments: all)
  func messages(_ fault: Fault) {
    #expect(fault.message.hasSuffix("."))
    #expect(fault.message.first?.isUppercase == true)
  }
}
