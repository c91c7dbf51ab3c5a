import ArgumentParser
import Foundation
import Signaling

/// `mqm-broker drain`
struct DrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain",
    abstract: "Announce a maintenance: nothing new begins, running calls finish, then the broker ends by itself.",
    discussion: """
      Within a second the broker that runs on the folder of the data refuses new requests and the opening of rooms, with \
      the message and the time, and tells everybody who has a page open. Requests that wait can still be claimed, and \
      calls go on. When no room is open any more the process ends with status 0, at the latest at the limit: calls \
      that still run then are interrupted, and go on after the next start.

      Times are in Europe/Paris unless they have an offset. Announcing again replaces what was announced.

      A broker that ended by it begins as usual when it is started again. One that was killed, or stopped by a signal, \
      goes on refusing when it is started before the end of the maintenance; if killed it also goes on to end. If no \
      broker runs when a maintenance is announced, one that is started before its end refuses what is new until then, \
      and does not end by itself.

      EXAMPLES
        mqm-broker drain --until 2026-11-25T02:00 \\
          --message 'Mise à jour du service.'
        mqm-broker drain --until 2026-11-25T02:00 --limit 2026-11-25T01:00 \\
          --message 'Mise à jour du service.'
        mqm-broker drain --undo
      """)

  @Option(name: .long, help: ArgumentHelp("When everything is possible again.", valueName: "time"))
  var until: String?

  @Option(
    name: .long,
    help: ArgumentHelp("When the process ends at the latest; by default that of --until.", valueName: "time"))
  var limit: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What people are told: plain text on one line, \(Maintenance.messageLimit) characters at most.", valueName: "text"
    ))
  var message: String?

  @Flag(name: .long, help: "Take the announcement back: everything is as usual within a second.")
  var undo = false

  @Option(name: .long, help: ArgumentHelp("Folder of the data.", valueName: "folder"))
  var data = ".data"

  func validate() throws {
    if undo {
      guard until == nil, limit == nil, message == nil else {
        throw ValidationError("--undo goes with --data only.")
      }
    } else if until == nil || message == nil {
      throw ValidationError("Say --until when, and with --message why; or --undo what was announced.")
    } else {
      _ = try maintenance(endsProcess: false)
    }
    guard FileManager.default.fileExists(atPath: data) else {
      throw ValidationError("There is no folder '\(data)'. Say with --data where the broker has its data.")
    }
  }

  func run() throws {
    let folder = URL(filePath: data, directoryHint: .isDirectory)
    let file = MaintenanceFile(folder: folder)
    if undo { return try takeBack(file, in: folder) }
    try announce(file, in: folder)
  }

  private func takeBack(_ file: MaintenanceFile, in folder: URL) throws {
    guard try file.remove() else { return tell("no maintenance is announced") }
    tell(DataFolder.isInUse(folder) ? "undone; new requests are possible again within a second" : "undone")
  }

  private func announce(_ file: MaintenanceFile, in folder: URL) throws {
    let isRunning = DataFolder.isInUse(folder)
    let maintenance = try maintenance(endsProcess: isRunning)
    try file.write(maintenance)
    tell(
      "announced: new requests are refused until \(LocalTime(milliseconds: maintenance.until)), and everybody is told")
    if isRunning {
      let limit = LocalTime(milliseconds: maintenance.limit)
      tell("the broker ends by itself when no consultation runs, at the latest at \(limit)")
    } else {
      tell("no broker runs on '\(data)': one that is started before then refuses them, and does not end by itself")
    }
    tell("to take it back: mqm-broker drain --undo --data \(data)")
  }

  private func maintenance(endsProcess: Bool) throws -> Maintenance {
    let until = try LocalTime(until ?? "", option: "--until")
    let limit = try limit.map { try LocalTime($0, option: "--limit") } ?? until
    do throws(Maintenance.Invalid) {
      let maintenance = try Maintenance(
        message: message ?? "", until: until.milliseconds, limit: limit.milliseconds, endsProcess: endsProcess)
      try maintenance.checkIsAhead(of: currentMilliseconds())
      return maintenance
    } catch {
      throw ValidationError(advice(error, until: until, limit: limit))
    }
  }

  private func advice(_ wrong: Maintenance.Invalid, until: LocalTime, limit: LocalTime) -> String {
    switch wrong {
    case .messageLength: "--message must have 1 to \(Maintenance.messageLimit) characters."
    case .messageNotPlain: "--message must be plain text on one line, without control or invisible characters."
    case .endIsPast:
      "--until \(until) is past: it is \(LocalTime(milliseconds: currentMilliseconds())) now. Give a time that is still to come."
    case .limitIsPast: "--limit \(limit) is past. To end the broker now, stop it (SIGTERM)."
    case .limitAfterEnd: "--limit \(limit) is after --until \(until). The process must end before the maintenance does."
    case .tooLong: "--until \(until) is more than 30 days ahead. Announce a maintenance when it is near."
    }
  }
}
