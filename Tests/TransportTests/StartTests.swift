import Foundation
import TestSupport
import Testing

@testable import Transport

@Suite struct StartTests {
  @Test(arguments: ["4.1.6", "4.3.4-unknown", "4.3", "3.9.9", "", "nonsense"])
  func `A libwebsockets that is too old is refused`(version: String) {
    #expect(throws: TransportError.libraryTooOld(found: version, needed: "4.3.5")) {
      try Library.checkVersion(version)
    }
  }

  @Test(arguments: ["4.3.5", "4.3.5-unknown", "4.3.10", "4.4.0", "5.0.0-v5.0.0-1-gabc"])
  func `A libwebsockets that is new enough is not`(version: String) throws {
    try Library.checkVersion(version)
  }

  @Test func `A port in use is an error that names it`() throws {
    try TestServer.run { server in
      #expect(throws: TransportError.addressInUse(host: "127.0.0.1", port: server.port)) {
        try TestServer(TestHandler(), .with { $0.port = server.port })
      }
    }
  }

  @Test func `A host that is not this machine's is an error that names it`() {
    #expect(throws: TransportError.addressNotAvailable(host: "192.0.2.1")) {
      try TestServer(TestHandler(), .with { $0.host = "192.0.2.1" })
    }
    #expect(throws: TransportError.unknownHost(host: "no such host")) {
      try TestServer(TestHandler(), .with { $0.host = "no such host" })
    }
  }

  @Test func `A certificate file that is not there, or is none, is an error that names it`() throws {
    #expect(
      throws: TransportError.unreadable(
        setting: "TLS certificate file", path: "/nowhere.pem", reason: "No such file or directory")
    ) {
      try TestServer(TestHandler(), .with { $0.tls = .init(certificateFile: "/nowhere.pem", keyFile: "/nowhere.key") })
    }

    let file = FileManager.default.temporaryDirectory.appending(path: "mqm-\(UUID().uuidString).pem")
    try Data("not a certificate".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let error = #expect(throws: TransportError.self) {
      try TestServer(TestHandler(), .with { $0.tls = .init(certificateFile: file.path, keyFile: file.path) })
    }
    guard case .certificateRefused(let certificate, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(certificate == file.path)
    #expect(error?.description.contains(file.path) == true)
  }

  @Test func `Several servers run on one loop, and end one after the other`() throws {
    let loop = try EventLoop()
    defer { loop.stop() }
    let servers = try (0..<3).map { _ in
      try Server(configuration: ServerConfiguration(), handler: TestHandler(), loop: loop)
    }
    for server in servers {
      #expect(try TestClient(port: server.port).request("GET", "/").status == 404)
      server.shutdown()
    }
  }

  @Test func `IPv6 works where the machine has it`() throws {
    let server: TestServer
    do {
      server = try TestServer(TestHandler(), .with { $0.host = "::1" })
    } catch TransportError.addressNotAvailable, TransportError.system(_, EAFNOSUPPORT) {
      return
    }
    defer { server.stop() }
    #expect(server.port != 0)
  }

  @Test func `Log lines lose the time and the level that the program's log has itself`() {
    #expect(Library.withoutPrefix("[2026/11/23 03:50:00:1234] W: Missing URI") == "Missing URI")
    #expect(Library.withoutPrefix("[2026/11/23 03:50:00:1234] text") == "text")
    #expect(Library.withoutPrefix("text] x: y") == "text] x: y")
  }

  @Test func `Addresses are taken out of log lines`() {
    #expect(Library.withoutAddresses("from 192.168.1.20 closed") == "from (address) closed")
    #expect(Library.withoutAddresses("peer: 2001:db8::1, x") == "peer: (address) x")
    #expect(Library.withoutAddresses("version 4.3.5 at 10:30") == "version 4.3.5 at 10:30")
  }
}
