import Foundation
import Logging
import Signaling

/// Follows what is announced in the folder of the data, and says when the process is to end by it.
struct MaintenanceWatch {
  private static let interval = Duration.milliseconds(250)

  private let file: MaintenanceFile
  private let broker: Broker
  private let log: Logger
  private var announced: Maintenance?
  /// What was wrong with the file when it was looked at last, so that it is said once.
  private var complaint: String?

  init(file: MaintenanceFile, broker: Broker, log: Logger) {
    self.file = file
    self.broker = broker
    self.log = log
  }

  /// Makes the broker do as is announced now; to be called before the first client comes, too.
  mutating func follow() async {
    do {
      try await follow(file.read())
      complaint = nil
    } catch {
      complain("\(error)")
    }
  }

  /// - Returns: why the process is to end, if it is. The announcement has been carried out then, and is removed.
  private func ending() async -> Maintenance.Ending? {
    do {
      guard let announced, let ending = announced.ending(isAtRest: await broker.isAtRest, at: currentMilliseconds())
      else { return nil }
      // Whoever removes the file first decides: it may be undone at this moment.
      return try file.remove() ? ending : nil
    } catch {
      log.error("the announcement of a maintenance cannot be removed", metadata: ["error": "\(error)"])
      return nil
    }
  }

  /// Follows the file until the process is to end, or the task is cancelled.
  mutating func untilEnd() async -> Maintenance.Ending? {
    while (try? await Task.sleep(for: Self.interval)) != nil {
      await follow()
      if let ending = await ending() { return ending }
    }
    return nil
  }

  /// The process ends otherwise, by a signal: one that is started again refuses what is new until the maintenance is over,
  /// and does not end by itself.
  func leave() {
    guard let found = try? file.read(), found.endsProcess else { return }
    do {
      try file.write(found.withoutEnd)
    } catch {
      log.error("the announcement of a maintenance cannot be written", metadata: ["error": "\(error)"])
    }
  }

  private mutating func follow(_ found: Maintenance?) async throws {
    var found = found
    // One that this process has followed is ended by it, not forgotten.
    if let maintenance = found, maintenance != announced || !maintenance.endsProcess,
      maintenance.isOver(at: currentMilliseconds())
    {
      _ = try file.remove()
      log.notice("the announced maintenance is over")
      found = nil
    } else if found == nil, announced != nil {
      log.notice("the maintenance was undone")
    }
    guard found != announced else { return }
    announced = found
    await broker.announce(found)
    guard let found else { return }
    let running = await broker.runningConsultations
    log.notice(
      "maintenance is announced: nothing new begins",
      metadata: [
        "until": "\(LocalTime(milliseconds: found.until))",
        "ends": found.endsProcess ? "when nothing runs, at the latest \(LocalTime(milliseconds: found.limit))" : "no",
        "running": "\(running)",
      ])
  }

  private mutating func complain(_ what: String) {
    if what != complaint {
      log.error("the announcement of a maintenance cannot be followed", metadata: ["error": "\(what)"])
    }
    complaint = what
  }
}
