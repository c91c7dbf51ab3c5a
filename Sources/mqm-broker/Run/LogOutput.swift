import Logging
import Telemetry

/// How the log is written to standard error, as the settings say.
enum LogOutput {
  /// To be called once, before anything is logged.
  static func begin(_ settings: Settings) throws {
    let level = Logger.Level(rawValue: try settings.text(.logLevel)) ?? .notice
    let isJSON = try settings.text(.logFormat) == "json"
    LoggingSystem.bootstrap { label in
      var handler: any LogHandler = isJSON ? JSONLogHandler() : StreamLogHandler.standardError(label: label)
      handler.logLevel = level
      return handler
    }
  }
}
