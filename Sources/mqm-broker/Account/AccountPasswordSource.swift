import Accounts
import ArgumentParser
import Foundation

/// Where a password comes from: never from the arguments, which every process can see.
struct AccountPasswordSource: ParsableArguments {
  @Flag(help: "Read the password from the first line of the standard input.")
  var passwordStdin = false

  @Flag(help: "No password: the account can be used with tokens only.")
  var noPassword = false

  func validate() throws {
    guard !(passwordStdin && noPassword) else {
      throw ValidationError("give one of --password-stdin and --no-password")
    }
  }

  /// - Returns: nil for no password.
  func read() throws -> String? {
    noPassword ? nil : try AccountPasswordSource.password(fromInput: passwordStdin)
  }

  /// A password from the standard input, or typed twice.
  static func password(fromInput: Bool) throws -> String {
    if fromInput {
      guard let line = readLine() else { throw ValidationError("there is no password on the standard input") }
      return line
    }
    guard isatty(STDIN_FILENO) == 1 else {
      throw ValidationError("there is no terminal to ask for a password; use --password-stdin or --no-password")
    }
    let password = try ask("Password (\(Password.characters.lowerBound) characters at least): ")
    _ = try Password(password)
    guard try ask("The same again: ") == password else { throw ValidationError("these were two different passwords") }
    return password
  }

  private static func ask(_ prompt: String) throws -> String {
    guard let typed = getpass(prompt) else { throw ValidationError("no password was typed") }
    return String(cString: typed)
  }
}
