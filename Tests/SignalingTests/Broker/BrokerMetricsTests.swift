import Rooms
import Telemetry
import Testing
import Transport

@testable import Signaling

/// What is counted, under which labels.
struct BrokerMetricsTests {
  private let registry = MetricsRegistry()

  private func value(_ series: String) throws -> Double? {
    let lines = String(decoding: registry.text(), as: UTF8.self).split(separator: "\n")
    return lines.first { $0.hasPrefix(series + " ") }.flatMap { Double($0.dropFirst(series.count + 1)) }
  }

  @Test("every error code of docs/protocol.md has a counter of its own")
  func refusalCodes() throws {
    let documented = try Documents.table(ofSection: 8).flatMap { Documents.codes(in: $0[0]) }
    #expect(!documented.isEmpty)
    #expect(Set(BrokerMetrics.refusalCodes) == Set(documented))
    #expect(BrokerMetrics.refusalCodes.count == Set(documented).count)
  }

  @Test("so has every close code")
  func closeCodes() throws {
    let documented = try Documents.table(ofSection: 9).map { $0[0] }
    #expect(!documented.isEmpty)
    #expect(Set(documented).subtracting(BrokerMetrics.closeCodes).isEmpty)
  }

  @Test("a limit that was hit is counted, wherever it shows")
  func limits() throws {
    let metrics = BrokerMetrics(registry)
    metrics.noteRefusal(code: "too_fast")
    metrics.noteRefusal(code: "too_many_attempts")
    metrics.noteClosing(.tooFast)
    metrics.noteClosing(.helloTimeout)
    metrics.noteClosing(.refresh)
    metrics.note(.hit(.slowReader))
    metrics.note(.hit(.messageBytes))
    metrics.note(.hit(.connections))
    metrics.note(.hit(.connectionsPerAddress))
    metrics.note(.hit(.halfOpen))
    metrics.note(.hit(.slowWriter))
    // What the broker itself notes where it finds it.
    let noted: [BrokerMetrics.Limit] = [
      .messageRate, .accountRate, .addressRate, .requestRate, .accountSockets, .addressSockets, .memory,
      .requestsWaiting,
    ]
    for limit in noted { metrics.noteHit(limit) }
    for limit in BrokerMetrics.Limit.allCases {
      #expect(try value("mqm_limit_hits_total{limit=\"\(limit.rawValue)\"}") == 1, "\(limit)")
    }
    #expect(try value("mqm_refusals_total{code=\"too_fast\"}") == 1)
  }

  @Test("a claim is won, lost, refused, or could not be decided")
  func claims() {
    let outcome = { (fault: Fault?) in BrokerMetrics.ClaimOutcome(fault) }
    #expect(outcome(nil) == .won)
    #expect(outcome(.refused(.alreadyClaimed(by: PersonID(high: 0, low: 1)))) == .lost)
    #expect(outcome(.refused(.forbidden)) == .refused)
    #expect(outcome(.refused(.unavailable)) == .unavailable)
  }

  @Test("handshakes are counted by what became of them")
  func handshakes() throws {
    let metrics = BrokerMetrics(registry)
    metrics.note(.handshakeAccepted)
    for status in [400, 405, 426, 403, 404, 503] { metrics.note(.handshakeRefused(status: status)) }
    let results = ["accepted": 1.0, "malformed": 3, "origin_not_allowed": 1, "not_found": 1, "unavailable": 1]
    for (result, count) in results {
      #expect(try value("mqm_handshakes_total{result=\"\(result)\"}") == count, "\(result)")
    }
  }

  @Test("a session that is taken up again is counted by result")
  func resumes() throws {
    let metrics = BrokerMetrics(registry)
    for result in BrokerMetrics.ResumeResult.allCases { metrics.noteResume(result) }
    for result in BrokerMetrics.ResumeResult.allCases {
      #expect(try value("mqm_resumes_total{result=\"\(result.rawValue)\"}") == 1)
    }
  }

  @Test("a status is of one of four classes")
  func statusClasses() {
    let classes = [200, 204, 304, 400, 499, 500, 599].map { BrokerMetrics.StatusClass($0) }
    #expect(
      classes == [.success, .success, .redirection, .clientError, .clientError, .serverError, .serverError])
  }

  @Test("a duration in nanoseconds is never negative, and never traps")
  func durations() {
    #expect(Duration.milliseconds(2).wholeNanoseconds == 2_000_000)
    #expect(Duration.milliseconds(-2).wholeNanoseconds == 0)
    #expect(Duration(secondsComponent: .max, attosecondsComponent: 0).wholeNanoseconds == .max)
  }
}
