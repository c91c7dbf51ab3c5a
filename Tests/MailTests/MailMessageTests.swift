import Foundation
import Testing

@testable import Mail

@Suite("Messages")
struct MailMessageTests {
  @Test("A message has the header that RFC 5322, 2045 and 3834 ask for")
  func header() throws {
    let message = try ParsedMessage(sampleMessage().bytes)
    #expect(message.value("from") == "MQM Téléconsultation <no-reply@mqm.example>")
    #expect(message.value("to") == "<anne.martin@patients.example>")
    #expect(message.value("subject") == "Invitation à accompagner quelqu’un")
    #expect(message.value("date") == "Tue, 24 Nov 2026 10:15:02 +0000")
    #expect(message.value("mime-version") == "1.0")
    #expect(message.value("auto-submitted") == "auto-generated")
    #expect(message.value("content-language") == "fr")
    #expect(message.value("message-id")?.wholeMatch(of: /<42\.[0-9a-f]{1,16}@mqm\.example>/) != nil)
    #expect(message.header.count == 9)
  }

  @Test("Plain text and HTML come back exactly as they were written, plain first", arguments: MailLanguage.allCases)
  func bodies(_ language: MailLanguage) throws {
    for letter in everyLetter {
      let written = letter.written(in: language, origin: origin)
      let message = try ParsedMessage(sampleMessage(language: language, letter: letter).bytes)
      #expect(message.value("subject") == written.subject)
      #expect(message.parts.count == 2)
      #expect(message.parts[0].text == written.text)
      #expect(message.parts[1].text == written.html)
      for (part, type) in zip(message.parts, ["text/plain; charset=utf-8", "text/html; charset=utf-8"]) {
        #expect(part.header.map(\.name) == ["content-type", "content-transfer-encoding"])
        #expect(part.header[0].value == type)
        #expect(part.header[1].value == "quoted-printable")
      }
    }
  }

  @Test("Every line is short ASCII and ends with CRLF")
  func lines() throws {
    for letter in letters(
      name: String(repeating: "é", count: 5000), ground: String(repeating: "漢", count: 5000), token: token)
    {
      let bytes = try sampleMessage(letter: letter).bytes
      #expect(bytes.allSatisfy { $0 == 0x0D || $0 == 0x0A || (0x20...0x7E).contains($0) })
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.hasSuffix("\r\n"))
      for line in text.components(separatedBy: "\r\n") { #expect(line.utf8.count <= 78, "\(line)") }
    }
  }

  @Test("The Message-ID is the same for the same letter at another time, and another one for another letter")
  func messageID() throws {
    func id(_ message: MailMessage) throws -> String? { try ParsedMessage(message.bytes).value("message-id") }
    let first = try id(sampleMessage())
    #expect(try id(sampleMessage(at: morning + 3_600_000)) == first)
    #expect(try id(sampleMessage(id: 43)) != first)
    // The queue of another machine, which counts from 1 as well.
    #expect(try id(sampleMessage(letter: .invitation(from: "Hélène Œuvrard", token: "other"))) != first)
    #expect(try id(sampleMessage(to: "marc@patients.example")) != first)
  }

  @Test("A recipient who cannot stand in an envelope is a permanent failure that does not name them")
  func recipient() {
    for address in ["hélène@patients.example", "anne@patients.example\r\nBcc: x@evil.example", "nobody"] {
      let failure = #expect(throws: DeliveryFailure.self) { try sampleMessage(to: address) }
      guard case .permanent(let why) = failure else {
        Issue.record("not permanent")
        continue
      }
      #expect(!why.contains("patients"))
      #expect(!why.contains("nobody"))
    }
  }
}
