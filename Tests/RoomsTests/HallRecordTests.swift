import Rooms
import Testing

struct HallRecordTests {
  private let id = Stage.id

  @Test("A refusal of the store reaches who asked, and nobody else")
  func refusal() throws {
    var stage = Stage.crowded()
    let proposal = try #require(Stage.proposal(in: stage.request()))
    #expect(
      stage.hall.recorded(proposal, .refused(.tooManyRequests), at: stage.moment)
        == [.refuse(stage.ticket, .tooManyRequests)])
    #expect(stage.hall.entries.isEmpty)
  }

  @Test("A repeated key gets the first answer again, and nobody else hears of it (protocol, section 2)")
  func repetition() throws {
    var stage = Stage.crowded()
    try stage.playToClaimed()
    let again = try #require(Stage.proposal(in: stage.claim()))
    #expect(
      stage.hall.recorded(again, .repeated(id), at: stage.moment) == [.acceptConsultation(stage.ticket, id)])
    let request = try #require(Stage.proposal(in: stage.request()))
    #expect(
      stage.hall.recorded(request, .repeated(id), at: stage.moment) == [.acceptConsultation(stage.ticket, id)])
  }

  /// The hall of a new process, with what the record of `stage` holds.
  private func restart(_ stage: inout Stage) throws -> [Effect] {
    stage.pass(milliseconds: 2_000)
    stage.hall = Hall()
    let consultation = try #require(stage.record[id])
    return stage.hall.restore(
      consultation, file: stage.file, reason: consultation.state.isFinal ? nil : "cough", at: stage.moment)
  }

  @Test("After a restart everything on record is there again", arguments: Consultation.StateName.allCases)
  func restart(state: Consultation.StateName) throws {
    var stage = Stage.crowded()
    try stage.play(to: state)
    let hasRoom = [.open, .inProgress, .suspended].contains(state)
    #expect(try restart(&stage) == (hasRoom ? [.awaitComeback(id, forMilliseconds: 60_000)] : []))
    #expect(stage.hall.entries[id]?.consultation == stage.record[id])
    #expect((stage.hall.rooms[id] != nil) == hasRoom)
    #expect(stage.hall.queue.count == (state == .requested ? 1 : 0))
    #expect((stage.hall.entries[id]?.reason == nil) == [.closed, .cancelled].contains(state))
  }

  @Test("People have a while to come back before a consultation in progress is suspended (CU-5.1)")
  func grace() throws {
    var stage = Stage.crowded()
    try stage.playToInProgress()
    let before = try #require(stage.negotiation(.patient, .practitioner))
    _ = try restart(&stage)
    stage.connectEverybody()
    #expect(Stage.proposal(in: stage.join(Stage.physician, as: .practitioner)) == nil)
    #expect(Stage.proposal(in: stage.join(Stage.child, as: .patient)) == nil)
    #expect(stage.negotiation(.patient, .practitioner) == nil, "nothing passes while the guardian is missing")
    #expect(stage.hall.reminded(id).isEmpty, "looking again is not the end of waiting")
    var late = stage
    #expect(Stage.proposal(in: late.hall.comebackIsOver(id))?.change == .transition(id, .suspend))

    // Once the guardian was back, whoever leaves again has no grace left.
    _ = stage.join(Stage.mother, as: .guardian)
    let after = try #require(stage.negotiation(.patient, .practitioner))
    #expect(after > before, "no number of before the restart comes again")
    #expect(Stage.proposal(in: stage.leave(Stage.mother))?.change == .transition(id, .suspend))
  }

  @Test(
    "What has been closed or cancelled for 24 hours is forgotten, not earlier, and nothing else is (protocol, section 5)"
  )
  func forget() throws {
    var stage = Stage.crowded()
    try stage.play(to: .closed)
    stage.pass(milliseconds: 24 * 3_600_000)
    stage.hall.forget(at: stage.moment)
    #expect(stage.hall.entries[id] != nil)
    stage.pass(milliseconds: 1)
    stage.hall.forget(at: stage.moment)
    #expect(stage.hall.entries.isEmpty)
    #expect(stage.join(Stage.child, as: .patient) == [.refuse(stage.ticket, .unknownConsultation)])

    var waiting = Stage.crowded()
    try waiting.playToRequested()
    waiting.pass(milliseconds: 100 * 3_600_000)
    waiting.hall.forget(at: waiting.moment)
    #expect(waiting.hall.entries.count == 1)

    var ended = Stage.crowded()
    try ended.play(to: .ended)
    ended.pass(milliseconds: 100 * 3_600_000)
    ended.hall.forget(at: ended.moment)
    #expect(ended.hall.entries.count == 1)
  }
}
