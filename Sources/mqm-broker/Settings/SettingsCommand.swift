import ArgumentParser
import Foundation

/// `mqm-broker settings`
struct SettingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "Explain every setting.",
    discussion:
      "Prints the document docs/configuration.md: each key, its option, its name in the environment, its default.")

  func run() {
    FileHandle.standardOutput.write(Data(Self.document.utf8))
  }

  static var document: String {
    """
    # Configuration

    Every setting of `mqm-broker run`, as `mqm-broker settings` prints it. A setting is given as an option, in the environment,
    or in a JSON file that `--config` names, where the dots of a key are nesting: `{"limits":{"burst":500}}`. Options win over the
    environment, the environment over the file, the file over the default. All are checked when the broker starts; an error
    names the key.

    | key | option | environment | default | |
    |---|---|---|---|---|

    """
      + SettingKey.allCases.map { key in
        let standard = key.standard.isEmpty ? "" : "`\(key.standard)`"
        return
          "| `\(key.rawValue)` | `\(key.option)` | `\(key.environmentName)` | \(standard) | \(key.explanation) \(key.kind.remark)|\n"
      }.joined()
  }
}

extension SettingKey.Kind {
  fileprivate var remark: String {
    switch self {
    case .text, .flag: ""
    case .list: "Separated by commas; an array in the file. "
    case .integer(let range): "\(range.lowerBound) to \(range.upperBound). "
    case .choice(let names): "One of \(names.map { "`\($0)`" }.joined(separator: ", ")). "
    }
  }
}
