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

  @Test(
    "the status follows from the fault",
    arguments: [
      (.wrongCredentials, 401), (.notSignedIn, 401), (.accountSuspended, 403),
      (.tooManyAttempts(afterMilliseconds: 1), 429),
      (.busy, 503), (.malformed, 400), (.invalid(.missing("email")), 400),
    ] as [(Fault, Int)])
  func status(_ fault: Fault, _ status: Int) throws {
    let problem = Problem(fault)
    #expect(problem.response.status == status)
    #expect(try body(problem)["status"]?.integer == status)
    #expect(try body(problem)["code"]?.text == fault.code)
    #expect(header("Content-Type", of: problem) == "application/problem+json")
    #expect(header("Cache-Control", of: problem) == "no-store")
    #expect((header("WWW-Authenticate", of: problem) != nil) == (status == 401))
  }

  @Test("it has the golden shape, with and without a time to wait")
  func shape() throws {
    let examples = Documents.examples.filter { $0.name.hasPrefix("http/problem") }
    #expect(examples.count == 2)
    for example in examples {
      let fault: Fault =
        example.message["after_ms"] == nil ? .wrongCredentials : .tooManyAttempts(afterMilliseconds: 60_000)
      #expect(try body(Problem(fault)).hasShape(of: example.message))
    }
  }

  @Test(
    "the time to wait is in whole seconds, rounded up, in its header",
    arguments: [(1, "1"), (1_000, "1"), (1_001, "2")])
  func retryAfter(_ milliseconds: Int64, _ seconds: String) {
    let problem = Problem(.tooManyAttempts(afterMilliseconds: milliseconds))
    #expect(header("Retry-After", of: problem) == seconds)
    #expect(header("Retry-After", of: Problem(.wrongCredentials)) == nil)
  }
}
