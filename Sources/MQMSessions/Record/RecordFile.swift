public import Foundation
import GRDB
public import Rooms

/// A record that is only read, also beside a running broker.
public struct RecordFile: Sendable {
  private let database: DatabaseQueue

  /// - Throws: what SQLite says if it is not there or no database.
  public init(_ file: URL) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.label = "record"
    configuration.busyMode = .timeout(5)
    database = try DatabaseQueue(path: file.path, configuration: configuration)
  }

  /// Nil if there is no such consultation.
  public func bundle(of consultation: ConsultationID) throws -> RecordBundle? {
    try database.read { try RecordBundle(of: consultation, in: $0) }
  }

  /// How far the heads file has come: to be read before its lines are.
  public func exportedToFile() throws -> ExportProgress {
    try database.read { try ExportProgress(of: HeadsFile.targetName, in: $0) }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws -> Value { try database.read(body) }
}
