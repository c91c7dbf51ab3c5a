public import Foundation

/// `maintenance.json` in the folder of the data: what was announced, for the broker that runs there or is started there.
public struct MaintenanceFile: Sendable {
  private let url: URL

  /// What the file says; a version that is not known is refused.
  private struct Content: Codable {
    var version = 1
    let message: String
    let until: Int64
    let limit: Int64
    let endsProcess: Bool

    enum CodingKeys: String, CodingKey {
      case version
      case message
      case until
      case limit
      case endsProcess = "ends_process"
    }
  }

  public enum Failure: Error, CustomStringConvertible {
    case unreadable(String)

    public var description: String {
      switch self {
      case .unreadable(let path):
        "the file '\(path)' is not an announcement that this version understands; remove it with mqm-broker drain --undo"
      }
    }
  }

  /// - Parameter folder: of the data.
  public init(folder: URL) {
    url = folder.appending(path: "maintenance.json")
  }

  /// - Returns: nil if nothing is announced.
  public func read() throws(Failure) -> Maintenance? {
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    do {
      let content = try JSONDecoder().decode(Content.self, from: Data(contentsOf: url))
      guard content.version == 1 else { throw Failure.unreadable(url.path) }
      return try Maintenance(
        message: content.message, until: content.until, limit: content.limit, endsProcess: content.endsProcess)
    } catch {
      // It may have been removed a moment ago.
      guard FileManager.default.fileExists(atPath: url.path) else { return nil }
      throw .unreadable(url.path)
    }
  }

  /// Replaces what was announced before, in one step.
  public func write(_ maintenance: Maintenance) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let content = Content(
      message: maintenance.message, until: maintenance.until, limit: maintenance.limit,
      endsProcess: maintenance.endsProcess)
    try encoder.encode(content).write(to: url, options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
  }

  /// - Returns: whether there was one. Of two who remove it at the same time one is told so.
  public func remove() throws -> Bool {
    do {
      try FileManager.default.removeItem(at: url)
      return true
    } catch CocoaError.fileNoSuchFile {
      return false
    }
  }
}
