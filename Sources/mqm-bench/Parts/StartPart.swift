import BenchClient
import Foundation
import MQMSessions
import Rooms
import Vault

/// (g) Starting with many consultations on record.
struct StartPart: Part {
  private static let empty = "an empty record"

  func weight(_ scale: Scale) -> Double { Double(scale.consultations) / 700 + Double(scale.rounds) * 3 }

  func measure(_ stage: Stage) throws -> Report.Section {
    let scale = stage.scale
    let people = try stage.population()
    let open = min(1_000, scale.consultations / 2)
    let full =
      "\(Figure.text(Double(scale.consultations))) on record, \(Figure.text(Double(open))) of them with an open room"
    let folder = stage.place.scratch.appending(path: "start")
    let none = stage.place.scratch.appending(path: "start-empty")
    try FileManager.default.copyItem(at: people.data, to: folder)
    try FileManager.default.copyItem(at: people.data, to: none)
    stage.progress.step("start-up: making the record", weight: Double(scale.consultations) / 700)
    let entries = try fill(folder, scale.consultations, open: open, people)
    let size = try folder.appending(path: "record.sqlite").resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0

    var times = Report.Table(title: "From the command to listening", unit: "s", isMoreBetter: false)
    var memory = Report.Table(title: "Memory then", unit: "MiB", isMoreBetter: false, isDrawn: false)
    for round in 0..<scale.rounds {
      stage.progress.step("start-up, round \(round + 1) of \(scale.rounds)", weight: 3)
      for (name, data) in round % 2 == 0 ? [(full, folder), (Self.empty, none)] : [(Self.empty, none), (full, folder)] {
        let server = try BrokerServer.start(stage.place, data: data)
        defer { server.stop() }
        _ = try BrokerServer.port(of: server)
        times.add(server.age, name, BrokerServer.name)
        memory.add(Double(try server.memory()) / 1_048_576, name, BrokerServer.name)
        try server.end()
      }
    }
    return Report.Section(
      title: "Start-up",
      method: """
        From the start of the process to the line that says where it listens, on a record of \(Figure.text(Double(scale.consultations))) \
        consultations with \(Figure.text(Double(entries))) entries in \(size >> 20) MiB, made through the broker's own store. The files are in the page cache.
        """, tables: [times, memory])
  }

  /// - Returns: how many entries the record has then.
  private func fill(_ folder: URL, _ count: Int, open: Int, _ people: Population) throws -> Int {
    let keyring = MasterKeyring(.file(folder.appending(path: "master.key").path))
    let store = try SQLiteStore(
      file: folder.appending(path: "record.sqlite"),
      keys: try ConsultationKeys(file: folder.appending(path: "keys.sqlite"), keyring: keyring))
    let now = Int64(Date().timeIntervalSince1970 * 1_000)
    let person = { (person: Population.Person) throws in
      guard let id = PersonID(text: person.id.utf8) else { throw BenchFailure("an id that is none: \(person.id)") }
      return id
    }
    let patients = try people.patients.map(person)
    let practitioners = try people.practitioners.map(person)
    var entries = 0
    let perBatch = 200
    for first in stride(from: 0, to: count, by: perBatch) {
      if bench_is_interrupted() { throw BenchFailure.interrupted }
      let batch = (first..<min(first + perBatch, count)).flatMap { number -> [Submission] in
        let isOpen = number >= count - open
        // The closed ones were long ago; of the open ones each is somebody else's.
        let start = isOpen ? now - 60_000 : now - 40 * 86_400_000 + Int64(number) * 20
        // One for each patient at a time, and none asks too often.
        let patient =
          isOpen ? patients[(number - (count - open)) % patients.count] : PersonID(high: 1, low: UInt64(number))
        return Self.life(
          number, at: start, patient: patient, practitioners[number % practitioners.count], isOpen: isOpen)
      }
      for outcome in try store.decide(batch) {
        if case .refused(let refusal) = outcome { throw BenchFailure("the record refuses: \(refusal)") }
      }
      entries += batch.count
      if first % 10_000 == 0 { Progress.say("making the record: \(first) consultations of \(count)") }
    }
    return entries
  }

  private static func life(
    _ number: Int, at start: Int64, patient: PersonID, _ physician: PersonID, isOpen: Bool
  ) -> [Submission] {
    let id = ConsultationID(high: 2, low: UInt64(number))
    let request = Consultation(
      id: id, patient: patient, requester: patient, assignment: .unassigned, payment: .carteBancaire,
      requestedAt: Instant(milliseconds: start))
    var commands: [Consultation.Command] = [.claim(by: physician), .open(by: physician, status: .adult)]
    if !isOpen {
      commands += [
        .start(by: physician, attested: [patient]), .end(by: physician, reason: .completed),
        .close(by: patient, why: .confirmed),
      ]
    }
    let changes =
      [.create(request, HealthNotes(reason: "Fièvre"))] + commands.map { Proposal.Change.transition(id, $0) }
    return changes.enumerated().map { index, change in
      Submission(Proposal(origin: .rule, change: change), at: Instant(milliseconds: start + Int64(index)))
    }
  }
}
