import ArgumentParser
import Foundation
import Vault

struct VaultRotate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Put a new master key in the place of the one in the file.",
    discussion: """
      A new key is written in front of the file; all data keys are wrapped anew under it; when none is left under the \
      old one, which is looked for twice, the old one leaves the file. The broker may be running, and notices by itself. \
      If this is interrupted, run it again: it goes on with the key that it had made.

      Save the new file where the old one was saved. Data keys in backups that were made before need the old one.
      """)

  /// Between the two looks: longer than anything is under way in a broker.
  private static let pause = Duration.seconds(2)

  @OptionGroup var options: VaultOptions

  func run() async throws {
    try await options.carryOut {
      let keyring = try options.keyring()
      guard case .file(let path) = keyring.source else {
        throw ValidationError(
          "Only a file can be written by this command. Let the command or the environment give the new key first and "
            + "the old one after it, then use: mqm-broker vault rewrap")
      }
      let sealed = try options.open(keyring)
      let file = MasterKeyFile(path: path)
      let lock = try RotationLock(beside: path)
      defer { lock.release() }
      let keys = try file.read()
      if keys.count == 1 {
        try file.replace(with: [MasterKey()] + keys)
      } else {
        tell("a rotation was begun before and goes on; no other key is made")
      }
      let current = try file.read()[0]
      tell("the new master key is \(current.name.digits)")
      try await rewrap(sealed, under: current)
      try file.replace(with: [current])
      tell("done; the old master key is no longer in \(path). Save the file anew.")
    }
  }

  private func rewrap(_ sealed: SealedData, under current: MasterKey) async throws {
    for look in 1...2 {
      try await sealed.rewrap()
      let left = try await sealed.left(but: current.name)
      guard left == 0 else {
        tell("\(left) data keys are still wrapped under the old key, which stays in the file. Run this again.")
        throw ExitCode.failure
      }
      if look == 1 { try await Task.sleep(for: Self.pause) }
    }
  }
}

/// Keeps a second rotation of the same file away while this process lives.
struct RotationLock {
  private let descriptor: Int32

  init(beside path: String) throws {
    descriptor = open(path + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw ValidationError("Another rotation of \(path) is under way, or its folder cannot be written.")
    }
  }

  func release() { close(descriptor) }
}
