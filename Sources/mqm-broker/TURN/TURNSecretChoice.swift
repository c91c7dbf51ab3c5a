import ArgumentParser
import Foundation
import Mail
import TURN

/// Where the secret that is shared with TURN servers comes from, as settings and environment say: a file that its owner
/// alone may read, a command, or the environment. Never an option itself, which others on the machine could read.
struct TURNSecretChoice {
  /// In the environment, if neither a file nor a command is named.
  static let environmentName = "MQM_ICE_TURN_SECRET_VALUE"
  private static let secondsAtMost = 30

  private let file: String?
  private let command: String?
  private let value: String?

  /// - Throws: `ValidationError` unless exactly one place is named.
  init(_ settings: Settings) throws {
    file = try settings.optionalText(.iceTURNSecret)
    command = try settings.optionalText(.iceTURNSecretCommand)
    value = ProcessInfo.processInfo.environment[Self.environmentName].flatMap { $0.isEmpty ? nil : $0 }
    guard [file, command, value].compactMap({ $0 }).count == 1 else {
      throw ValidationError(
        """
        The setting 'ice.turn' needs the secret of the TURN servers, from one place: 'ice.turn-secret' (a file), \
        'ice.turn-secret-command' or \(Self.environmentName).
        """)
    }
  }

  /// - Throws: `ValidationError` that says what to do, and never shows a secret.
  func read() async throws -> TURNSecret {
    if let file { return try secret(in: try Self.text(of: file), from: file) }
    if let command { return try secret(in: try await Self.output(of: command), from: "the command's output") }
    return try secret(in: value ?? "", from: Self.environmentName)
  }

  private func secret(in text: String, from place: String) throws -> TURNSecret {
    guard let secret = TURNSecret(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw ValidationError(
        """
        \(place) is not a secret of TURN: \(TURNSecret.lengths.lowerBound) to \(TURNSecret.lengths.upperBound) letters, \
        digits and signs without spaces and quotes. 'openssl rand -hex 32' makes a good one.
        """)
    }
    return secret
  }

  private static func text(of file: String) throws -> String {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ValidationError(
        "The file '\(file)' of 'ice.turn-secret' cannot be read (\(String(cString: strerror(errno)))).")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 == 0 else {
      throw ValidationError(
        "The file '\(file)' of 'ice.turn-secret' can be read by others than its owner; chmod 600 it.")
    }
    return String(decoding: try handle.read(upToCount: 1_024) ?? Data(), as: UTF8.self)
  }

  private static func output(of command: String) async throws -> String {
    let run = Command(program: "/bin/sh", arguments: ["-c", command], input: Data(), limit: secondsAtMost)
    guard case .exited(0, let output) = await run.run() else {
      throw ValidationError("'ice.turn-secret-command' failed; run it by hand to see what it says.")
    }
    return output
  }
}
