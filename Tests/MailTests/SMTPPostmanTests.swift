import Foundation
import Testing

@testable import Mail

@Suite("SMTP through curl")
struct SMTPPostmanTests {
  @Test("The command line says nothing; credentials, sender and recipient are in the configuration on standard input")
  func configuration() throws {
    #expect(SMTPPostman.arguments == ["--disable", "--config", "-"])
    let server = try SMTPServer(
      url: "smtps://mail.example.org", user: "broker", password: #"a "b" \c"#, authority: "/etc/ca.pem")
    let lines = try SMTPPostman(server: server).configuration(for: sampleMessage()).split(separator: "\n")
    #expect(
      lines == [
        "ssl-reqd", "tlsv1.2", "silent", #"url = "smtps://mail.example.org/mqm.example""#, #"proto = "=smtp,smtps""#,
        #"mail-from = "no-reply@mqm.example""#, #"mail-rcpt = "anne.martin@patients.example""#,
        #"upload-file = "/dev/fd/2""#, #"output = "/dev/null""#,
        ##"write-out = "%{response_code} %{size_upload}""##, #"connect-timeout = "20""#, #"max-time = "60""#,
        #"user = "broker:a \"b\" \\c""#, #"cacert = "/etc/ca.pem""#,
      ])
  }

  @Test("TLS is asked for with STARTTLS too, and the name by which we present ourselves can be set")
  func starttls() throws {
    let server = try SMTPServer(url: "smtp://mail.example.org/x.example", user: nil, password: nil, authority: nil)
    let configuration = try SMTPPostman(server: server).configuration(for: sampleMessage())
    #expect(configuration.hasPrefix("ssl-reqd\n"))
    #expect(configuration.contains(#"url = "smtp://mail.example.org:587/x.example""#))
    #expect(!configuration.contains("user ="))
  }

  @Test("A server that is not there is a temporary failure, told apart by the real curl")
  func refusedConnection() async throws {
    let port = try ClosedPort()
    defer { withExtendedLifetime(port) {} }
    let server = try SMTPServer(url: "smtps://127.0.0.1:\(port.number)", user: "u", password: "p", authority: nil)
    let message = try sampleMessage()
    await #expect(
      throws: DeliveryFailure.temporary("the mail server cannot be reached; check mail.smtp.url")
    ) { try await SMTPPostman(server: server).deliver(message) }
  }

  @Test("Without curl, it is a temporary failure as well")
  func noCurl() async throws {
    let server = try SMTPServer(url: "smtps://127.0.0.1", user: nil, password: nil, authority: nil)
    let message = try sampleMessage()
    await #expect(throws: DeliveryFailure.temporary("curl could not be run: No such file or directory")) {
      try await SMTPPostman(server: server, curl: "/nonexistent/curl").deliver(message)
    }
  }
}

/// A port of the loopback that is bound and not listened to: whoever connects is refused.
private final class ClosedPort {
  let number: UInt16
  private let descriptor: Int32

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.descriptor = descriptor
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
        bind(descriptor, general, length) == 0 ? getsockname(descriptor, general, &length) : -1
      }
    }
    number = UInt16(bigEndian: address.sin_port)
    try #require(status == 0)
  }

  deinit { close(descriptor) }
}
