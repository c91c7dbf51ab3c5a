import ArgumentParser
import Configuration
import Foundation
import SystemPackage

/// The configuration in force: options before environment before file before defaults, each value checked.
struct Settings {
  private let reader: ConfigReader

  /// - Parameters:
  ///   - file: a JSON file with the keys as nested objects; nil for none.
  ///   - options: as on the command line, `--port 9000` or `--port=9000`.
  /// - Throws: `ValidationError` that names the key or the file and says what is wrong.
  init(file: String?, options: [String]) async throws {
    try Self.check(options: options)
    var providers: [any ConfigProvider] = [
      CommandLineArgumentsProvider(
        arguments: ["mqm-broker"] + options, secretsSpecifier: .all),
      EnvironmentVariablesProvider(secretsSpecifier: .all).prefixKeys(with: "mqm"),
    ]
    if let file {
      try Self.check(file: file)
      do {
        providers.append(
          try await FileProvider<JSONSnapshot>(
            parsingOptions: .init(secretsSpecifier: .all), filePath: FilePath(file)))
      } catch {
        throw ValidationError("The configuration file '\(file)' cannot be read: \(error)")
      }
    }
    providers.append(
      InMemoryProvider(
        values: Dictionary(
          uniqueKeysWithValues: SettingKey.allCases.map { (AbsoluteConfigKey($0.configKey), $0.standardValue) })))
    reader = ConfigReader(providers: providers)
    for key in SettingKey.allCases { try check(key) }
  }

  // MARK: Values

  func text(_ key: SettingKey) throws -> String {
    try value(key) { try reader.requiredString(forKey: key.configKey) }
  }

  /// nil where nothing is set.
  func optionalText(_ key: SettingKey) throws -> String? {
    let text = try text(key)
    return text.isEmpty ? nil : text
  }

  func list(_ key: SettingKey) throws -> [String] {
    try value(key) { try reader.requiredStringArray(forKey: key.configKey) }
      .flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  func integer(_ key: SettingKey) throws -> Int {
    let value = try value(key) { try reader.requiredInt(forKey: key.configKey) }
    if case .integer(let range) = key.kind, !range.contains(value) {
      throw ValidationError(key.wrong("\(value)", must: "be from \(range.lowerBound) to \(range.upperBound)"))
    }
    return value
  }

  func flag(_ key: SettingKey) throws -> Bool {
    try value(key) { try reader.requiredBool(forKey: key.configKey) }
  }

  private func value<Value>(_ key: SettingKey, _ fetch: () throws -> Value) throws -> Value {
    do {
      return try fetch()
    } catch {
      throw ValidationError(key.wrong(nil, must: key.kind.description))
    }
  }

  // MARK: Checks

  private func check(_ key: SettingKey) throws {
    switch key.kind {
    case .text: _ = try text(key)
    case .list: _ = try list(key)
    case .integer: _ = try integer(key)
    case .flag: _ = try flag(key)
    case .choice(let names):
      let value = try text(key)
      guard names.contains(value) else { throw ValidationError(key.wrong(value, must: key.kind.description)) }
    }
  }

  private static func check(options: [String]) throws {
    var mayBeValue = false
    for argument in options {
      guard argument.hasPrefix("--") else {
        guard mayBeValue else { throw ValidationError("'\(argument)' is not an option. See mqm-broker run --help.") }
        mayBeValue = false
        continue
      }
      let name = String(argument.prefix { $0 != "=" })
      guard let key = SettingKey.allCases.first(where: { $0.option == name }) else {
        throw ValidationError("There is no option '\(name)'. mqm-broker settings lists them all.")
      }
      if case .flag = key.kind { mayBeValue = true } else { mayBeValue = !argument.contains("=") }
    }
  }

  /// A key that nobody knows is more often a slip than meant.
  private static func check(file: String) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ValidationError("There is no configuration file '\(file)', or it cannot be read.")
    }
    guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw ValidationError("The configuration file '\(file)' is not a JSON object.")
    }
    for name in names(in: object, prefix: "") where SettingKey(rawValue: name) == nil {
      throw ValidationError(
        "The configuration file '\(file)' has the unknown key '\(name)'. mqm-broker settings lists them all.")
    }
  }

  private static func names(in object: [String: Any], prefix: String) -> [String] {
    object.flatMap { name, value in
      (value as? [String: Any]).map { names(in: $0, prefix: prefix + name + ".") } ?? [prefix + name]
    }
  }
}

extension SettingKey {
  fileprivate var configKey: ConfigKey { ConfigKey(rawValue) }

  fileprivate var standardValue: ConfigValue {
    switch kind {
    case .text, .choice: ConfigValue(.string(standard), isSecret: false)
    case .list: ConfigValue(.stringArray([]), isSecret: false)
    case .integer: ConfigValue(.int(Int(standard) ?? 0), isSecret: false)
    case .flag: ConfigValue(.bool(standard == "true"), isSecret: false)
    }
  }

  fileprivate func wrong(_ value: String?, must: String) -> String {
    "The setting '\(rawValue)'\(value.map { " is '\($0)', but" } ?? "") must \(must). "
      + "It can be set with \(option), \(environmentName), or in the configuration file."
  }
}

extension SettingKey.Kind: CustomStringConvertible {
  var description: String {
    switch self {
    case .text: "be a text"
    case .list: "be a list of texts"
    case .integer(let range): "be an integer from \(range.lowerBound) to \(range.upperBound)"
    case .flag: "be true or false"
    case .choice(let names): "be one of \(names.joined(separator: ", "))"
    }
  }
}
