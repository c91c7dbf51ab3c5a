import Accounts
import MQMSessions
import Rooms
import Testing
import Transport

@testable import Signaling

/// Errors over HTTP (RFC 9457).
struct ProblemTests {
  private func body(_ problem: Problem) throws -> JSONValue {
    try JSONValue(parsing: String(decoding: problem.response.body, as: UTF8.self))
  }

  private func header(_ name: String, of problem: Problem) -> String? {
    problem.response.headers.first { $0.name == name }?.value
  }

  private static let refusals: [(any Error, Int)] =
    ([
      (.wrongCredentials, 401), (.wrongCode, 401), (.secondFactorRequired, 401), (.accountSuspended, 403),
      (.forbidden, 403), (.invitation(.forAnother), 403), (.unknownAccount, 404), (.rppsTaken, 409),
      (.guardianship(.tooManyGuardians), 409), (.linkInvalid, 410), (.invitation(.expired), 410),
      (.tooManyAttempts(afterMilliseconds: 1), 429), (.busy(afterMilliseconds: 1), 503),
      (.unavailable(why: "the disk is full"), 503), (.invalid(field: .email, why: "wrong"), 400),
    ] as [(AccountRefusal, Int)]).map { ($0.0, $0.1) }

  private static let ofConsultations: [(any Error, Int)] =
    ([
      (.unknownConsultation, 404), (.unknownDocument, 404), (.forbidden, 403), (.notVerified, 403),
      (.tooManyDocuments, 409), (.consultationClosed, 410), (.unavailable, 503),
    ] as [(Refusal, Int)]).map { ($0.0, $0.1) }

  private static let ofDocuments: [(any Error, Int)] =
    ([
      (.unknownDocument, 404), (.tooManyDocuments, 409), (.keyReused, 409), (.wrongOffset(received: 5), 409),
      (.invalidChunk, 400), (.contentMismatch, 415), (.consultationClosed, 410), (.damaged, 503),
    ] as [(DocumentFailure, Int)]).map { ($0.0, $0.1) }

  @Test(
    "the status follows from what was refused",
    arguments: refusals + ofConsultations + ofDocuments + [
      (Fault.notSignedIn, 401), (Fault.malformed, 400), (JSONObject.Invalid.missing("email"), 400),
    ])
  func status(_ error: any Error, _ status: Int) throws {
    let problem = Problem(error)
    #expect(problem.response.status == status)
    #expect(try body(problem)["status"]?.integer == status)
    #expect(try body(problem)["title"]?.text?.contains("disk") == false)
    #expect(header("Content-Type", of: problem) == "application/problem+json")
    #expect(header("Cache-Control", of: problem) == "no-store")
    #expect((header("WWW-Authenticate", of: problem) != nil) == (status == 401))
  }

  @Test("bytes that do not follow are told where to go on, and a range that is not there how much there is")
  func places() throws {
    #expect(try body(Problem(DocumentFailure.wrongOffset(received: 262_144)))["received"]?.integer == 262_144)
    var problem = Problem(status: 416, code: "range_not_satisfiable", title: "The document has 5 bytes.")
    problem.size = 5
    #expect(header("Content-Range", of: problem) == "bytes */5")
  }

  @Test("it has the golden shape, with and without a time to wait")
  func shape() throws {
    let examples = Documents.examples.filter { $0.name.hasPrefix("http/problem") }
    #expect(examples.count == 2)
    for example in examples {
      let refusal: AccountRefusal =
        example.message["after_ms"] == nil ? .wrongCredentials : .tooManyAttempts(afterMilliseconds: 60_000)
      #expect(try body(Problem(refusal)).hasShape(of: example.message))
    }
  }

  @Test(
    "the time to wait is in whole seconds, rounded up, in its header",
    arguments: [(1, "1"), (1_000, "1"), (1_001, "2")])
  func retryAfter(_ milliseconds: Int64, _ seconds: String) {
    let problem = Problem(AccountRefusal.tooManyAttempts(afterMilliseconds: milliseconds))
    #expect(header("Retry-After", of: problem) == seconds)
    #expect(header("Retry-After", of: Problem(AccountRefusal.wrongCredentials)) == nil)
  }
}
