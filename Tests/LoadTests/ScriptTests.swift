import Rooms
import Testing

@testable import Load

@Suite struct ScriptTests {
  private let id = ConsultationID(high: 1, low: 2)
  private let patient = PersonID(high: 3, low: 4)
  private let second: UInt64 = 1_000_000_000

  private func greeting(_ relation: String = "self") -> ServerMessage.Greeting {
    var greeting = ServerMessage.Greeting()
    greeting.patients = [.init(id: patient, relation: relation)]
    return greeting
  }

  private func room(_ you: Seat, _ state: String = "open", offers: Seat = .patient) -> ServerMessage.RoomView {
    let other: Seat = you == .patient ? .practitioner : .patient
    return .init(
      state: state, you: you, isAdmitted: true, peers: [.init(seat: other, negotiation: 4, offers: offers)],
      persons: [patient])
  }

  private func accepted(_ type: String, intended: UInt64 = 0, _ answer: ServerMessage.Answer = .init()) -> Cue {
    .accepted(.init(request: Request(type: type), intended: intended), answer)
  }

  private func signal(_ kind: SignalKind, _ number: Int, from: Seat, whole: Bool = true) -> Cue {
    .event(
      .signal(
        .init(
          room: id, from: from, kind: kind, negotiation: 4, stamp: .init(number: number, intended: 1), isWhole: whole)))
  }

  private func requests(_ acts: [Act]) -> [String] {
    acts.compactMap { if case .send(let request, _) = $0 { request.type } else { nil } }
  }

  private func signals(_ acts: [Act]) -> [String] {
    acts.compactMap { act in
      if case .signal(_, let to, let kind, _, let stamp) = act {
        "\(kind.rawValue) \(stamp.number) to \(to.rawValue)"
      } else {
        nil
      }
    }
  }

  @Test func `A patient's consultation, from the request to the confirmation`() {
    var script = PatientScript(part: .adult, reason: "load-1", arrival: 10, confirms: true)
    let asked = script.take(.greeted(greeting(), since: 10), at: 30)
    #expect(asked.first == .measured(.signIn, from: 10, to: 30))
    #expect(requests(asked) == ["request.create"])
    let created = script.take(accepted("request.create", intended: 30, .init(consultation: id)), at: 50)
    #expect(created == [.measured(.acknowledgement, from: 30, to: 50), .created(id)])
    #expect(script.take(.event(.consultations(isSnapshot: false, [.init(id: id, state: "claimed")])), at: 60) == [])
    let open = Cue.event(.consultations(isSnapshot: false, [.init(id: id, state: "open")]))
    #expect(requests(script.take(open, at: 70)) == ["room.join"])
    #expect(script.take(open, at: 71) == [])
    let entered = script.take(accepted("room.join", .init(room: room(.patient))), at: 80)
    #expect(
      signals(entered) == [
        "offer 1 to practitioner", "candidate 2 to practitioner", "candidate 3 to practitioner",
        "candidate 4 to practitioner",
      ])
    let wakes = entered.compactMap { if case .wake(let at, _) = $0 { at } else { nil } }
    #expect(wakes == [40, 120, 200].map { $0 * 1_000_000 + 80 })
    let end = Alarm.trickle(room: id, to: .practitioner, negotiation: 4, step: 3)
    #expect(signals(script.take(.timer(end), at: 300)) == ["end_of_candidates 5 to practitioner"])
    #expect(script.take(signal(.answer, 1, from: .practitioner), at: 310) == [.measured(.relay, from: 1, to: 310)])
    #expect(
      script.take(signal(.endOfCandidates, 2, from: .practitioner), at: 320)
        == [.measured(.relay, from: 1, to: 320), .measured(.setUp, from: 10, to: 320)])
    #expect(script.take(.event(.roomClosed(id, why: "ended")), at: 330) == [])
    let ended = script.take(.event(.consultations(isSnapshot: false, [.init(id: id, state: "ended")])), at: 340)
    #expect(requests(ended) == ["consultation.confirm"])
    #expect(script.take(accepted("consultation.confirm", intended: 340), at: 350).last == .finished)
    #expect(script.sent == [.practitioner: 5])
    #expect(script.received == [.practitioner: 2])
  }

  @Test func `A child waits for the parent's request, and ignores what is over`() {
    var script = PatientScript(part: .child, reason: "load-1", arrival: 0, confirms: true)
    #expect(requests(script.take(.greeted(greeting(), since: 0), at: 1)) == [])
    let old = ConsultationID(high: 9, low: 9)
    let snapshot = Cue.event(
      .consultations(isSnapshot: true, [.init(id: old, state: "closed"), .init(id: id, state: "requested")]))
    #expect(script.take(snapshot, at: 2) == [])
    let joined = script.take(.event(.consultations(isSnapshot: false, [.init(id: id, state: "open")])), at: 3)
    #expect(joined == [.send(Request(type: "room.join", body: #"{"room":"\#(id)","as":"patient"}"#), intended: 3)])
    #expect(
      script.take(.event(.consultations(isSnapshot: false, [.init(id: id, state: "closed")])), at: 4) == [.finished])
  }

  @Test func `A practitioner's consultation, from the card to the closure`() {
    var script = PractitionerScript(style: CallStyle(length: .seconds(2)))
    #expect(requests(script.take(.greeted(greeting(), since: 0), at: 1)) == ["presence.set"])
    #expect(script.take(accepted("presence.set"), at: 2) == [.free])
    let card = Cue.event(.queue(isSnapshot: false, upsert: [.init(id: id, reason: "load-1")], remove: []))
    #expect(script.take(card, at: 3) == [.sees(id, reason: "load-1", isNews: true)])
    #expect(script.take(card, at: 3) == [])
    #expect(requests(script.claim(id, closes: true, at: 4)) == ["request.claim"])
    #expect(!script.isFree)
    let won = script.take(accepted("request.claim", intended: 4), at: 9)
    #expect(won.prefix(2) == [.measured(.claim, from: 4, to: 9), .claimed(id)])
    #expect(requests(won) == ["room.open"])
    #expect(requests(script.take(accepted("room.open"), at: 10)) == ["room.join"])
    #expect(signals(script.take(accepted("room.join", .init(room: room(.practitioner))), at: 11)) == [])
    let answered = script.take(signal(.offer, 1, from: .patient), at: 12)
    #expect(signals(answered).first == "answer 1 to patient")
    let started = script.take(signal(.endOfCandidates, 2, from: .patient), at: 13)
    #expect(requests(started) == ["consultation.start"])
    let running = script.take(.event(.room(id, room(.practitioner, "in_progress"))), at: 20)
    #expect(running == [.wake(at: 20 + second, .restart(id)), .wake(at: 20 + 2 * second, .hangUp(id))])
    #expect(signals(script.take(.timer(.restart(id)), at: 20 + second)).first == "offer 5 to patient")
    // Not before the restart is through.
    #expect(script.take(.timer(.hangUp(id)), at: 20 + 2 * second) == [])
    let ended = script.take(signal(.endOfCandidates, 3, from: .patient), at: 21 + 2 * second)
    #expect(requests(ended) == ["consultation.end"])
    #expect(requests(script.take(accepted("consultation.end"), at: 22 + 2 * second)) == ["consultation.close"])
    #expect(script.take(accepted("consultation.close"), at: 23 + 2 * second).suffix(2) == [.finished, .free])
    #expect(script.isFree)
  }

  @Test func `Who is not the first to claim is free again; any other refusal is trouble`() {
    var script = PractitionerScript(style: CallStyle())
    _ = script.claim(id, closes: false, at: 1)
    let sent = ClientSession.Sent(request: Request(type: "request.claim"), intended: 1)
    #expect(script.take(.refused(sent, code: "already_claimed"), at: 2) == [.free])
    _ = script.claim(id, closes: false, at: 3)
    #expect(
      script.take(.refused(sent, code: "unavailable"), at: 4)
        == [.failed(.refused(request: "request.claim", code: "unavailable")), .free])
  }

  @Test func `Signals out of order, doubled, lost on the way or changed are trouble`() {
    for (cues, trouble) in [
      ([signal(.candidate, 2, from: .patient)], Trouble.signalsOutOfOrder),
      ([signal(.offer, 1, from: .patient), signal(.offer, 1, from: .patient)], .signalsOutOfOrder),
      ([signal(.offer, 1, from: .patient, whole: false)], .signalChanged),
    ] {
      var call = CallScript(room: id)
      _ = call.take(room(.practitioner), at: 1)
      var acts: [Act] = []
      for case .event(.signal(let signal)) in cues { acts += call.take(signal, at: 2) }
      #expect(acts.contains(.failed(trouble)))
    }
  }

  @Test func `Timers of another room, or of a peer that is gone, do nothing`() {
    var call = CallScript(room: id)
    _ = call.take(room(.patient), at: 1)
    let other = ConsultationID(high: 8, low: 8)
    #expect(call.trickle(room: other, to: .practitioner, negotiation: 4, step: 1, at: 2) == [])
    #expect(call.trickle(room: id, to: .practitioner, negotiation: 3, step: 1, at: 2) == [])
    #expect(call.trickle(room: id, to: .practitioner, negotiation: 4, step: 1, at: 2).count == 2)
    _ = call.take(.init(state: "suspended", you: .patient), at: 3)
    #expect(call.trickle(room: id, to: .practitioner, negotiation: 4, step: 2, at: 4) == [])
  }

  @Test func `Idle people keep the queue`() {
    var script = IdleScript()
    let other = ConsultationID(high: 5, low: 5)
    _ = script.take(.event(.queue(isSnapshot: true, upsert: [.init(id: id, reason: "x")], remove: [])), at: 1)
    _ = script.take(.event(.queue(isSnapshot: false, upsert: [.init(id: other, reason: "x")], remove: [id])), at: 2)
    #expect(script.queue == [other])
  }
}
