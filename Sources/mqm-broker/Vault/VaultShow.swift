import ArgumentParser
import Foundation
import Vault

struct VaultShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Say which master keys are at hand, and how many data keys are wrapped under each.")

  @OptionGroup var options: VaultOptions

  func run() async throws {
    try await options.carryOut {
      let keyring = try options.keyring()
      let sealed = try options.open(keyring)
      var census = try await sealed.census()
      print("master keys from \(keyring.source)")
      for (index, name) in try keyring.names().enumerated() {
        print("\(name.digits)  \(census.removeValue(forKey: name) ?? 0) data keys\(index == 0 ? "  current" : "")")
      }
      for (name, count) in census.sorted(by: { $0.key.digits < $1.key.digits }) {
        print("\(name.isEmpty ? "without a name" : "\(name.digits), not at hand")  \(count) data keys")
      }
    }
  }
}

extension Data {
  /// Two lower-case hexadecimal digits for each byte.
  var digits: String { map { String(format: "%02x", $0) }.joined() }
}
