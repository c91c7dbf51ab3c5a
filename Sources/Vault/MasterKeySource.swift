import Foundation

/// Where the master keys come from: 64 hexadecimal digits each, separated by white space. The first is the current one,
/// the others still open what was wrapped under them.
public enum MasterKeySource: Sendable, Equatable {
  /// How many keys there may be at a time.
  static let maximumKeys = 16
  /// In the environment, if neither a file nor a command is named.
  public static let environmentName = "MQM_MASTER_KEY_VALUE"

  /// A file that its owner alone may read (mode 0600), one key a line. It can be rotated while the broker runs.
  case file(String)
  /// A command for the shell, which writes the keys to its standard output within 30 seconds.
  case command(String)
  /// The keys themselves, as they stood in the environment when the process started.
  case environment(String)

  /// - Throws: ``VaultFailure/noKey(why:)``, which says what to do.
  func read() throws(VaultFailure) -> [MasterKey] {
    switch self {
    case .file(let path): try MasterKeyFile(path: path).read()
    case .command(let command):
      try Self.keys(in: try MasterKeyCommand(command: command).output(), from: "the command's output")
    case .environment(let text): try Self.keys(in: text, from: Self.environmentName)
    }
  }

  static func keys(in text: String, from place: String) throws(VaultFailure) -> [MasterKey] {
    let words = text.split(whereSeparator: \.isWhitespace)
    let keys = words.compactMap { MasterKey(digits: $0) }
    guard !keys.isEmpty, keys.count == words.count, keys.count <= maximumKeys else {
      throw .noKey(why: "\(place) is not a master key: 64 hexadecimal digits, or several such lines")
    }
    return keys
  }
}

extension MasterKeySource: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// For messages; never the keys.
  public var description: String {
    switch self {
    case .file(let path): path
    case .command: "the command of 'master-key-command'"
    case .environment: Self.environmentName
    }
  }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
