import Foundation
import TestSupport

@testable import Signaling

extension FuzzTarget {
  /// Requests to a whole broker: somebody's letter and a blank, or none for nobody, then the request as on the wire,
  /// without what can be counted. Ids are written as ``FuzzedBroker/fill(_:consultation:)`` says.
  ///
  /// Whatever is asked gets an answer that is JSON, never 500, and nothing that the broker would log as an error.
  static let routes = FuzzTarget(name: "routes") { bytes in
    let broker = FuzzedBroker.shared
    let text = broker.fill(String(decoding: bytes, as: UTF8.self))
    guard let end = text.firstIndex(of: "\n") else { return }
    var line = text[..<end]
    var headers = ["Host: localhost", "Connection: close"]
    if let letter = line.first, let token = broker.tokens[letter] {
      headers.append("Authorization: Bearer \(token)")
      line = line.dropFirst()
    }
    line = line.drop { $0 == " " }
    let rest = text[text.index(after: end)...]
    let parts = rest.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
    headers += parts[0].split(separator: "\n").map(String.init)
    let body = parts.count > 1 ? parts[1] : ""
    if !body.isEmpty {
      headers += ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
    } else if ["POST", "PUT", "PATCH"].contains(where: { line.hasPrefix($0) }) {
      headers.append("Content-Length: 0")
    }
    let request = "\(line) HTTP/1.1\r\n" + headers.joined(separator: "\r\n") + "\r\n\r\n" + body
    let exchange = Exchange(port: broker.port, pieces: [Array(request.utf8)])
    broker.checkLog(request)
    var answer = ServerBytes(exchange.received)
    // What is no request at all is the matter of the target `http`.
    guard let head = answer.head(), let status = head.first?.split(separator: " ").dropFirst().first else { return }
    check(status != "500", "\(head) after \(request)")
    let isJSON = head.contains { line in
      let line = line.lowercased()
      return line.hasPrefix("content-type: application/") && line.contains("json")
    }
    guard isJSON, !exchange.wasReset, !line.hasPrefix("HEAD"), let count = length(head) else { return }
    let content = answer.take(count)
    let isRead =
      content.flatMap { try? JSONSerialization.jsonObject(with: Data($0), options: .fragmentsAllowed) } != nil
    check(isRead || count == 0, "\(head) with \(content ?? []) after \(request)")
  }

  private static func length(_ head: [String]) -> Int? {
    head.first { $0.lowercased().hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) }
  }
}
