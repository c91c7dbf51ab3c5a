import BenchClient
import Crypto
import Foundation

/// `nextcloud-spreed-signaling`, with clients of its type `internal`, who need no Nextcloud (its documentation,
/// "Standalone signaling API v1").
final class SpreedServer: RelayServer {
  static let name = "spreed-signaling"
  static let dialect = BENCH_SPREED
  let process: ServerProcess
  private let port: UInt16
  private var sessions: [String] = []

  static func program(_ place: Place) -> String {
    place.peers.appending(path: "usr/bin/nextcloud-spreed-signaling-server").path
  }

  private static let secret = "a secret of this benchmark alone"

  init(_ place: Place) throws {
    let folder = try place.folder()
    port = try Place.freePort()
    let configuration = """
      [http]
      listen = 127.0.0.1:\(port)
      [sessions]
      hashkey = \(String(repeating: "h", count: 64))
      blockkey = \(String(repeating: "b", count: 32))
      [clients]
      internalsecret = \(Self.secret)
      [backend]
      allowall = true
      [nats]
      url = nats://loopback
      """
    let file = folder.appending(path: "server.conf")
    try Data(configuration.utf8).write(to: file)
    process = try ServerProcess(Self.program(place), ["-config", file.path], in: folder, core: place.serverCore)
    _ = try process.wait(for: "Listening on")
    try Place.waitForListener(on: port)
  }

  func signIn(_ count: Int, _ sockets: Sockets) throws {
    let key = SymmetricKey(data: Data(Self.secret.utf8))
    let first = sockets.count
    for connection in first..<first + count {
      try sockets.connect(port: port, path: "/spreed")
      let random = UUID().uuidString + UUID().uuidString
      let token = HMAC<SHA256>.authenticationCode(for: Data(random.utf8), using: key)
        .map { String(format: "%02x", $0) }.joined()
      let hello = """
        {"id":"1","type":"hello","hello":{"version":"1.0","auth":{"type":"internal","params":\
        {"random":"\(random)","token":"\(token)","backend":"https://nextcloud.example"}}}}
        """
      try sockets.send(connection, .text(hello))
    }
    sessions += Array(repeating: "", count: count)
    var missing = count
    var fault: String?
    try sockets.receive("signing in to spreed-signaling", until: missing == 0 || fault != nil) { connection, bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      if let session = text.value(of: "sessionid"), text.contains(#""type":"hello""#) {
        sessions[connection] = session
        missing -= 1
      } else if text.contains(#""type":"error""#) {
        fault = text
      }
    }
    if let fault { throw BenchFailure("spreed-signaling: \(fault)") }
  }

  func pairUp(_ sockets: Sockets) {}

  func message(from connection: Int, payload: [UInt8]) -> Message {
    let head = """
      {"type":"message","message":{"recipient":{"type":"session","sessionid":"\(sessions[connection ^ 1])"},"data":
      """
    return Message(opcode: 1, bytes: Array(head.utf8) + payload + Array("}}".utf8))
  }
}

extension String {
  /// The first member of this name that is a string without escapes, in JSON without white space.
  func value(of name: String) -> String? {
    guard let start = range(of: "\"\(name)\":\"")?.upperBound, let end = self[start...].firstIndex(of: "\"") else {
      return nil
    }
    return String(self[start..<end])
  }
}
