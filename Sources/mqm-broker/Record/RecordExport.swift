import ArgumentParser
import Foundation
import Logging
import MQMSessions

extension RecordExporter {
  /// As the settings say.
  init(_ settings: Settings, folder: DataFolder, store: SQLiteStore, log: Logger) throws {
    var targets: [any HeadTarget] = [HeadsFile(try settings.file(.recordHeadsFile) ?? folder.heads)]
    if let command = try settings.optionalText(.recordHeadsCommand) { targets.append(HeadsCommand(command: command)) }
    let authorities = try settings.optionalText(.recordTimestampAuthorities)
    let authority = try settings.optionalText(.recordTimestampURL).map { url in
      guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
        throw ValidationError("The setting 'record.timestamp-url' is wrong: it begins with https:// or http://.")
      }
      return TimestampService(url: url, authorities: authorities)
    }
    self.init(
      store: store, targets: targets, authority: authority,
      interval: .seconds(try settings.integer(.recordHeadInterval)),
      report: { log.warning("record", metadata: ["says": "\($0)"]) })
  }
}

extension Settings {
  func file(_ key: SettingKey) throws -> URL? { try optionalText(key).map { URL(filePath: $0) } }
}
