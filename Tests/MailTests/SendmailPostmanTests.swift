import Foundation
import Testing

@testable import Mail

@Suite("Sendmail")
struct SendmailPostmanTests {
  @Test("The command gets sender and recipient as arguments and the message on its standard input")
  func delivers() async throws {
    let sendmail = try await FakeSendmail()
    let message = try sampleMessage(to: "-anne@patients.example")
    try await SendmailPostman(program: sendmail.program).deliver(message)
    #expect(try sendmail.arguments == ["-i", "-f", "no-reply@mqm.example", "--", "-anne@patients.example"])
    #expect(try sendmail.message == message.bytes)
  }

  @Test(
    "Exit statuses mean what sysexits.h says",
    arguments: [
      (65, true), (67, true), (68, true), (64, false), (69, false), (70, false), (71, false), (73, false), (74, false),
      (75, false), (77, false), (78, false), (1, false), (127, false),
    ])
  func exitStatuses(_ status: Int, _ isPermanent: Bool) async throws {
    let sendmail = try await FakeSendmail(ending: "exit \(status)")
    let message = try sampleMessage()
    let failure = await #expect(throws: DeliveryFailure.self) {
      try await SendmailPostman(program: sendmail.program).deliver(message)
    }
    switch failure {
    case .permanent: #expect(isPermanent)
    case .temporary: #expect(!isPermanent)
    case nil: break
    }
    #expect(failure?.why.contains("patients") == false)
  }

  @Test("A command that is killed, takes too long or is not there is a temporary failure")
  func accidents() async throws {
    let message = try sampleMessage()
    let killed = try await FakeSendmail(ending: "kill -9 $$")
    await #expect(throws: DeliveryFailure.temporary("sendmail was killed by signal 9")) {
      try await SendmailPostman(program: killed.program).deliver(message)
    }
    let slow = try await FakeSendmail(ending: "exec sleep 600")
    await #expect(throws: DeliveryFailure.temporary("sendmail took more than 0 s")) {
      try await SendmailPostman(program: slow.program, limit: 0).deliver(message)
    }
    await #expect(throws: DeliveryFailure.temporary("sendmail could not be run: No such file or directory")) {
      try await SendmailPostman(program: "\(slow.folder.path)/nothing").deliver(message)
    }
  }

  @Test("A command that is no absolute path is refused")
  func relative() {
    #expect(throws: MailRefusal.self) { try SendmailPostman(program: "sendmail") }
  }
}

/// A command in the place of sendmail that keeps what it gets.
private struct FakeSendmail {
  let folder: TemporaryFolder
  var program: String { "\(folder.path)/sendmail" }

  /// Written by another program: while this one starts others in parallel tests, a file that it has open for writing
  /// cannot be run (ETXTBSY).
  init(ending: String = "exit 0") async throws {
    folder = try TemporaryFolder()
    let script = """
      #!/bin/sh
      printf '%s\\n' "$@" > '\(folder.path)/arguments'
      cat > '\(folder.path)/message'
      \(ending)
      """
    let written = await Command(
      program: "/bin/sh", arguments: ["-c", "cat > \"$0\" && chmod 700 \"$0\"", program], input: Data(script.utf8),
      limit: 60
    ).run()
    try #require(written == .exited(0, output: ""))
  }

  var arguments: [String] {
    get throws {
      try String(contentsOfFile: "\(folder.path)/arguments", encoding: .utf8).split(separator: "\n").map(String.init)
    }
  }

  var message: Data {
    get throws { try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/message")) }
  }
}
