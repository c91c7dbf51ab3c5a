import ArgumentParser
import Foundation
import MQMSessions
import Rooms
import Vault

/// `mqm-bench record`
struct RecordBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Verify a record of a million events, three times.",
    discussion: "Makes the record first, through the broker's own store, which takes some minutes.")

  @Option(help: "How many events; ten for each consultation.")
  var events = 1_000_000

  @Option(help: "How often it is verified.")
  var runs = 3

  func validate() throws {
    guard (10...100_000_000).contains(events), (1...100).contains(runs) else {
      throw ValidationError("10 to 100,000,000 events, 1 to 100 runs.")
    }
  }

  func run() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mqm-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "record.sqlite")
    let key = try fill(file, in: folder)
    print("machine  \(Machine.description)")
    print("swift    \(Machine.compiler)")
    var seconds: [Double] = []
    for run in 1...runs {
      let started = ContinuousClock.now
      let report = RecordVerifier(publicKey: key).verify(file: file) { done, all in
        Progress.say("run \(run): entry \(done) of \(all)")
      }
      let duration = ContinuousClock.now - started
      Progress.say("")
      guard report.isWhole else { throw ValidationError("The record is not whole: \(report.faults)") }
      seconds.append(duration / .seconds(1))
      let size = try file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
      print(
        "run \(run)    \(Self.text(seconds[run - 1])) s for \(report.entries) events, \(report.heads) heads, \(size >> 20) MiB"
      )
    }
    let started = ContinuousClock.now
    let damage = RecordVerifier.checkDatabase(file)
    guard damage.isEmpty else { throw ValidationError("The database is not whole: \(damage)") }
    let checked = (ContinuousClock.now - started) / .seconds(1)
    print("indexes  \(Self.text(checked)) s for SQLite's own check of the file, besides")
    seconds.sort()
    print(
      "median   \(Self.text(seconds[runs / 2])) s, from \(Self.text(seconds[0])) to \(Self.text(seconds[runs - 1])) s")
  }

  /// - Returns: the public key.
  private func fill(_ file: URL, in folder: URL) throws -> Data {
    let keyring = MasterKeyring(.file(folder.appending(path: "master.key").path))
    let store = try SQLiteStore(
      file: file, keys: try ConsultationKeys(file: folder.appending(path: "keys.sqlite"), keyring: keyring))
    let perBatch = 100
    for first in stride(from: 0, to: events / 10, by: perBatch) {
      let numbers = first..<min(first + perBatch, events / 10)
      _ = try store.decide(numbers.flatMap(Self.life))
      Progress.say("making the record: \(numbers.upperBound * 10) events of \(events)")
    }
    Progress.say("")
    guard let key = store.publicKey else { throw ValidationError("The store signs nothing.") }
    return key
  }

  /// A consultation from the request to its closure.
  private static func life(_ number: Int) -> [Submission] {
    let id = ConsultationID(high: 2, low: UInt64(number))
    let patient = PersonID(high: 1, low: UInt64(number) + 1_000)
    let physician = PersonID(high: 1, low: UInt64(number % 500))
    let start: Int64 = 1_795_399_200_000 + Int64(number) * 1_000
    let request = Consultation(
      id: id, patient: patient, requester: patient, assignment: .unassigned, payment: .carteBancaire,
      requestedAt: Instant(milliseconds: start))
    let commands: [Consultation.Command] = [
      .claim(by: physician), .open(by: physician, status: .adult), .start(by: physician, attested: [patient]),
      .suspend, .resume, .suspend, .resume, .end(by: physician, reason: .completed),
      .close(by: patient, why: .confirmed),
    ]
    let changes =
      [.create(request, HealthNotes(reason: "Fièvre"))] + commands.map { Proposal.Change.transition(id, $0) }
    return changes.enumerated().map { index, change in
      Submission(Proposal(origin: .rule, change: change), at: Instant(milliseconds: start + Int64(index)))
    }
  }

  private static func text(_ seconds: Double) -> String { String(format: "%.2f", seconds) }
}
