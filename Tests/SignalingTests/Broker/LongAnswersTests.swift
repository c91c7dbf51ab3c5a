import Accounts
import Foundation
import MQMSessions
import TestSupport
import Testing

@testable import Signaling

/// Bundles, exports and documents: made off the loop, few at a time.
struct LongAnswersTests {
  private func waitFor(_ condition: () async -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while await !condition() {
      try #require(ContinuousClock.now < deadline)
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test("while bundles are written the loop goes on, one is written at a time, and an account waits for four at most")
  func bundles() async throws {
    let gate = Gate()
    try await BrokerFixture.run(wrap: gate.wrap) { fixture in
      let camille = try await fixture.patient("Camille")
      try await fixture.start()
      let store = try #require(gate.store)
      let peer = try await fixture.connect(camille)
      let id = try #require(try await fixture.request(by: peer, for: camille).text)
      _ = try await peer.ask("request.cancel", ["consultation": .string(id)])
      let path = "/v1/consultations/\(id)/bundle"

      store.holdBundles()
      let answers = (0..<AnswersUnderWay.limit).map { _ in
        Task { try await fixture.http("GET", path, token: camille.token) }
      }
      await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
        DispatchQueue.global().async {
          store.waitUntilBundleEntered()
          done.resume()
        }
      }
      try await waitFor { await fixture.broker.answers.count(of: camille.id) == AnswersUnderWay.limit }
      #expect(try await fixture.http("GET", "/v1/health").status == 200)
      #expect(try await peer.ask("ping", [:])["ok"] == true)
      let refused = try await fixture.http("GET", path, token: camille.token)
      #expect(refused.status == 429)
      #expect(refused.body["code"] == "too_many_answers")
      #expect(refused.headers["retry-after"] == "1")

      store.releaseBundles(AnswersUnderWay.limit)
      for answer in answers { #expect(try await answer.value.status == 200) }
      #expect(store.mostBundles == 1)
      try await waitFor { await fixture.broker.answers.count(of: camille.id) == 0 }
      #expect(try await fixture.http("GET", path, token: camille.token).status == 200)
    }
  }

  @Test("places are counted for each account, and given back once")
  func counting() {
    var answers = AnswersUnderWay()
    let (one, other) = (AccountID(UUID()), AccountID(UUID()))
    let begun = (0...AnswersUnderWay.limit).map { _ in answers.begin(one) }
    #expect(begun == [true, true, true, true, false])
    let others = answers.begin(other)
    #expect(others)
    answers.end(one)
    answers.end(other)
    answers.end(other)
    #expect((answers.count(of: one), answers.count(of: other)) == (3, 0))
  }
}
