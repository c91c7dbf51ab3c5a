import ArgumentParser
import Foundation
import Vault

struct VaultRewrap: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rewrap",
    abstract: "Wrap all data keys under the master key that comes first.",
    discussion: """
      For a master key from a command or the environment, where this program cannot put a new one itself:
      1. let the command or the environment give the new key, white space, and the old one;
      2. with a command, go on; with the environment, start the broker anew;
      3. run this; when it says that nothing is left, let only the new key be given.
      """)

  @OptionGroup var options: VaultOptions

  func run() async throws {
    try await options.carryOut {
      let keyring = try options.keyring()
      let sealed = try options.open(keyring)
      try await sealed.rewrap()
      let name = try keyring.currentName()
      let left = try await sealed.left(but: name)
      guard left == 0 else {
        tell(
          "\(left) data keys are still wrapped under another key; a broker may not know the new one yet. Run this again."
        )
        throw ExitCode.failure
      }
      tell("all data keys are wrapped under \(name.digits); the other keys are not needed any more")
    }
  }
}
