import Foundation
import MQMSessions
import Mail

/// A time stamping authority on the network (RFC 3161), asked with openssl and curl.
struct TimestampService: TimestampAuthority {
  private static let secondsAtMost = 30

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let url: String
  /// PEM file of the certificates that vouch for it; nil for not to check.
  let authorities: String?

  /// The URL and the file are arguments, never part of the script.
  private static let script = """
    set -e
    cd "$1"
    openssl ts -query -data head -sha256 -cert -out query
    curl --silent --show-error --fail --max-time 20 --max-filesize 65536 --proto =http,https \
      --header 'Content-Type: application/timestamp-query' --data-binary @query --output reply --url "$2"
    openssl ts -reply -in reply -token_out -out token
    if [ -n "$3" ]; then openssl ts -verify -queryfile query -in reply -CAfile "$3"; fi
    """

  func stamp(_ text: String) async throws -> Data {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mqm-stamp-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(text.utf8).write(to: folder.appending(path: "head"))
    let authorities = authorities.map { URL(filePath: $0).path } ?? ""
    let command = Command(
      program: "/bin/sh", arguments: ["-c", Self.script, "sh", folder.path, url, authorities], input: Data(),
      limit: Self.secondsAtMost)
    let ending = await command.run()
    guard case .exited(0, _) = ending, let token = try? Data(contentsOf: folder.appending(path: "token")),
      (1...65_536).contains(token.count)
    else { throw Failure(description: "the time stamping authority gave none (\(ending))") }
    return token
  }
}
