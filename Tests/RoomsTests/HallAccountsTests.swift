import Testing

@testable import Rooms

@Suite("Consultations of people whose account is closed, erased, or not verified any more")
struct HallAccountsTests {
  private func record(_ command: Consultation.Command, because cause: AccountCause) -> Effect {
    .record(Proposal(origin: .account(cause), change: .transition(Stage.id, command)))
  }

  @Test("A patient's account that is closed or erased withdraws what they asked for (CU-12.1, CU-12.2)")
  func patientWaits() throws {
    for cause in [AccountCause.closed, .erased] {
      var stage = Stage.crowded()
      try stage.playToRequested()
      let effects = stage.hall.bar(Cast.patient, because: cause)
      #expect(effects == [record(.cancel(by: Cast.patient), because: cause)])
      #expect(
        try stage.decide(effects).contains(.queueLost(Stage.id, .cancelled, to: [Stage.physician, Stage.colleague])))
      #expect(stage.hall.entries[Stage.id]?.reason == nil)
      #expect(stage.hall.bar(Cast.patient, because: cause).isEmpty)
    }
  }

  @Test("A consultation in progress ends when the patient's account is erased (CU-12.1)")
  func patientInProgress() throws {
    var stage = Stage.crowded()
    try stage.playToInProgress()
    #expect(
      stage.hall.bar(Cast.patient, because: .erased) == [
        record(.end(by: Cast.physician, reason: .other), because: .erased)
      ])
  }

  @Test("A practitioner who is barred gives back what they claimed, and nothing else (CU-6.7, CU-12.2)")
  func practitioner() throws {
    for cause in AccountCause.allCases {
      var stage = Stage.crowded()
      try stage.playToClaimed()
      #expect(stage.hall.bar(Cast.colleague, because: cause).isEmpty)
      #expect(
        stage.hall.bar(Cast.physician, because: cause) == [
          record(.release(by: Cast.physician), because: cause)
        ])
    }
  }

  @Test("A practitioner who is barred hands over nothing more, also before the record has followed (CU-6.7)")
  func handingOver() throws {
    for cause in AccountCause.allCases {
      var stage = Stage.crowded()
      try stage.playToInProgress()
      // What follows from the account is on its way to the record, where the consultation is still theirs.
      #expect(!stage.hall.bar(Cast.physician, because: cause).isEmpty)
      guard case .refuse(_, .notVerified) = stage.handOver().first else {
        Issue.record("\(cause): the document was handed over")
        continue
      }
    }
  }

  @Test(
    "What was assigned to a physician who is barred is refused in their place, and the patient told (CU-6.5, CU-6.7)")
  func physician() throws {
    for cause in AccountCause.allCases {
      var stage = Stage.crowded()
      try stage.playToAssigned()
      let effects = stage.hall.bar(Cast.physician, because: cause)
      #expect(effects == [record(.refuse(by: Cast.physician, .unavailable), because: cause)])
      #expect(try stage.decide(effects).contains(.tell(.refused, Stage.id)))
    }
  }

  @Test("What has ended is closed when the patient's account is erased, not when it is closed (CU-12.1)")
  func patientAfterwards() throws {
    var stage = Stage.crowded()
    try stage.play(to: .ended)
    #expect(stage.hall.bar(Cast.patient, because: .closed).isEmpty)
    #expect(
      stage.hall.bar(Cast.patient, because: .erased) == [record(.close(by: nil, why: .account), because: .erased)])
  }

  @Test("A practitioner whose registration is suspended keeps what they asked for as a patient (CU-6.7)")
  func practitionerAsPatient() throws {
    var stage = Stage.crowded()
    try stage.playToRequested()
    #expect(stage.hall.bar(Cast.patient, because: .notVerified).isEmpty)
  }

  @Test("What was being decided when the account was erased is withdrawn as soon as it is on record (CU-12.1)")
  func overtaken() throws {
    var stage = Stage.crowded()
    #expect(stage.hall.bar(Cast.patient, because: .erased).isEmpty)
    let effects = try stage.playToRequested()
    #expect(effects.contains(record(.cancel(by: Cast.patient), because: .erased)))

    var later = Stage.crowded()
    try later.playToRequested()
    #expect(later.hall.bar(Cast.physician, because: .notVerified).isEmpty)
    #expect(
      try later.playToClaimed().contains(record(.release(by: Cast.physician), because: .notVerified)))
  }

  @Test("Who is readmitted goes on as before, unless there is another cause")
  func readmitted() throws {
    var stage = Stage.crowded()
    _ = stage.hall.bar(Cast.patient, because: .closed)
    stage.hall.readmit(Cast.patient, from: .closed)
    #expect(!(try stage.playToRequested()).contains(record(.cancel(by: Cast.patient), because: .closed)))

    _ = stage.hall.bar(Cast.physician, because: .closed)
    _ = stage.hall.bar(Cast.physician, because: .notVerified)
    stage.hall.readmit(Cast.physician, from: .notVerified)
    #expect(
      try stage.decide(stage.claim()).contains(record(.release(by: Cast.physician), because: .closed)))
  }

  @Test("Of whom erased their account nothing stays in the lists once it is over (CU-12.1)")
  func forgotten() throws {
    var stage = Stage.crowded()
    try stage.playToRequested()
    _ = try stage.decide(stage.hall.bar(Cast.patient, because: .erased))
    #expect(stage.hall.entries[Stage.id] != nil)
    stage.hall.forget(at: stage.moment)
    #expect(stage.hall.entries.isEmpty)
  }

  @Test("A guardian who represents the patient no longer hears nothing of them and does nothing for them (CU-6.3)")
  func unlinked() throws {
    var stage = Stage.crowded()
    try stage.playToRequested()
    #expect(stage.hall.unlink(Cast.mother, from: Cast.patient) == [.consultations(Stage.mother, [])])
    #expect(stage.cancel(from: Stage.mother) == [.refuse(stage.ticket, .unknownConsultation)])
    #expect(stage.request(from: Stage.mother) == [.refuse(stage.ticket, .unknownPatient)])
    #expect(
      try stage.decide(stage.cancel(from: Stage.father)).contains(
        .consultationChanged(Stage.id, to: [Stage.child, Stage.father])))
    #expect(stage.hall.unlink(Cast.mother, from: Cast.patient).isEmpty)
  }

  @Test("A request is judged by the guardians of the file, not by those of when somebody came (CU-6.3)")
  func newerFile() {
    var stage = Stage.crowded()
    stage.file = Cast.child(of: Cast.father)
    #expect(stage.request(from: Stage.mother) == [.refuse(stage.ticket, .unknownPatient)])
  }
}
