import Foundation
import TestSupport
import Testing

@testable import Transport

/// A connection through `openssl s_client`.
private final class TLSStream: ByteStream {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  init(port: UInt16, arguments: [String] = []) throws {
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments =
      ["s_client", "-quiet", "-verify_quiet", "-nocommands", "-connect", "127.0.0.1:\(port)"] + arguments
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit {
    // The tests' threads have other signals blocked, and their children inherit that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  func write(_ bytes: [UInt8]) throws { try input.fileHandleForWriting.write(contentsOf: Data(bytes)) }

  func read() throws -> [UInt8] { Array(output.fileHandleForReading.availableData) }
}

@Suite struct TLSTests {
  /// A certificate for localhost, in a folder of its own.
  private static func makeCertificate(in folder: URL, commonName: String = "localhost") throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
      "-subj", "/CN=\(commonName)", "-keyout", folder.appending(path: "key.pem").path,
      "-out", folder.appending(path: "cert.pem").path,
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl could not make a certificate")
  }

  static func run(
    _ handler: TestHandler = TestHandler(), _ body: (TestServer, URL) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mqm-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try makeCertificate(in: folder)
    let files = ServerConfiguration.TLS(
      certificateFile: folder.appending(path: "cert.pem").path, keyFile: folder.appending(path: "key.pem").path)
    try TestServer.run(handler, .with { $0.tls = files }) { try body($0, folder) }
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func `Messages of all lengths are echoed over TLS`(version: String) throws {
    try Self.run { server, _ in
      let client = TestClient(try TLSStream(port: server.port, arguments: [version, "-alpn", "h2,http/1.1"]))
      try #require(try client.handshake().status == 101)
      for count in [0, 1, 125, 126, 1_039, 1_040, 1_041, 5_000, 16_384, 20_000, 65_536] {
        let text = String(repeating: "t", count: count)
        try client.sendText(text)
        #expect(try client.text() == text)
      }
      // Many in one record, so that libwebsockets has input that no descriptor tells of.
      try client.stream.write((0..<200).flatMap { TestClient.frame(1, Array("message \($0)".utf8)) })
      for index in 0..<200 { try #require(try client.text() == "message \(index)") }
    }
  }

  @Test(arguments: ["-tls1", "-tls1_1"])
  func `TLS before 1_2 is refused`(version: String) throws {
    try Self.run { server, _ in
      let client = TestClient(
        try TLSStream(port: server.port, arguments: [version, "-cipher", "ALL:@SECLEVEL=0"]))
      #expect(throws: (any Error).self) { try client.handshake() }
      let other = TestClient(try TLSStream(port: server.port))
      #expect(try other.handshake().status == 101)
    }
  }

  @Test func `A message over the limit closes with 1009 over TLS`() throws {
    try Self.run { server, _ in
      let client = TestClient(try TLSStream(port: server.port))
      try #require(try client.handshake().status == 101)
      try client.sendFrame(1, [UInt8](repeating: 97, count: 65_537))
      #expect(try client.close().code == 1009)
    }
  }

  @Test func `A frame without a mask closes with 1002 over TLS`() throws {
    try Self.run { server, _ in
      let client = TestClient(try TLSStream(port: server.port))
      try #require(try client.handshake().status == 101)
      try client.stream.write(TestClient.frame(1, [97, 98], isMasked: false))
      #expect(try client.close().code == 1002)
    }
  }

  @Test func `Long bodies arrive whole over TLS, one after the other, and so does a body of pieces`() throws {
    let handler = TestHandler()
    let content = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    handler.bodyLimit = { _ in BodyAllowance(bytes: 262_144) }
    handler.onExchange = { exchange in
      guard exchange.request.method == "GET" else { return exchange.respond(status: 200, body: exchange.body) }
      let stream = HTTPBodyStream(count: content.count) { $1(Array(content[$0..<min($0 + 200_000, content.count)])) }
      exchange.respond(HTTPResponse(status: 200, stream: stream))
    }
    try Self.run(handler) { server, _ in
      let client = TestClient(try TLSStream(port: server.port))
      for count in [262_144, 16_385, 200_000] {
        let body = String(decoding: content[..<count].map { 97 + $0 % 23 }, as: UTF8.self)
        #expect(try client.request("PUT", "/", body: body).text == body)
      }
      #expect(try client.request("GET", "/").body == content)
    }
  }

  @Test func `Responses over TLS ask to come back with TLS, and long ones arrive whole`() throws {
    let handler = TestHandler()
    let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    handler.onExchange = { $0.respond(status: 200, body: body) }
    try Self.run(handler) { server, _ in
      let client = TestClient(try TLSStream(port: server.port))
      for _ in 0..<2 {
        let answer = try client.request("GET", "/")
        #expect(answer.headers["strict-transport-security"] == "max-age=31536000")
        #expect(answer.body == body)
      }
    }
  }

  @Test func `Plain HTTP on a TLS port ends the connection, not the server`() throws {
    try Self.run { server, _ in
      let client = try TestClient(port: server.port)
      try client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(client.sawEnd())
      let other = TestClient(try TLSStream(port: server.port))
      #expect(try other.handshake().status == 101)
    }
  }

  @Test func `A new certificate is used after it was reloaded`() throws {
    try Self.run { server, folder in
      try Self.makeCertificate(in: folder, commonName: "renewed")
      server.server.reloadCertificate()
      let process = Process()
      let output = Pipe()
      process.executableURL = URL(filePath: "/usr/bin/openssl")
      process.arguments = ["s_client", "-connect", "127.0.0.1:\(server.port)"]
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(text.contains("CN = renewed") || text.contains("CN=renewed"))
    }
  }
}
