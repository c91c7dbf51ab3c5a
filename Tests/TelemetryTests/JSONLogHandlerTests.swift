import Foundation
import Logging
import Testing

@testable import Telemetry

@Suite("The log as lines of JSON")
struct JSONLogHandlerTests {
  private struct Unkind: Error, CustomStringConvertible {
    var description: String { "somebody@example.org" }
  }

  /// What a logger wrote, line by line.
  private func lines(_ body: (Logger) -> Void) throws -> [[String: Any]] {
    let pipe = Pipe()
    let descriptor = pipe.fileHandleForWriting.fileDescriptor
    var logger = Logger(label: "test") { _ in
      JSONLogHandler(descriptor: descriptor) { timespec(tv_sec: 951_782_399, tv_nsec: 7_999_999) }
    }
    logger.logLevel = .trace
    body(logger)
    try pipe.fileHandleForWriting.close()
    let written = try pipe.fileHandleForReading.readToEnd() ?? Data()
    let text = String(decoding: written, as: UTF8.self)
    #expect(text.isEmpty || text.hasSuffix("\n"))
    return try text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  @Test("a line has time, level, message and metadata, and nothing else")
  func members() throws {
    let line = try #require(
      try lines { $0.warning("the system's clock was set", metadata: ["by_ms": "5", "ids": ["a", "b"]]) }.first)
    #expect(Set(line.keys) == ["time", "level", "message", "metadata"])
    #expect(line["time"] as? String == "2000-02-28T23:59:59.007Z")
    #expect(line["level"] as? String == "warning")
    #expect(line["message"] as? String == "the system's clock was set")
    let metadata = try #require(line["metadata"] as? [String: Any])
    #expect(metadata["by_ms"] as? String == "5")
    #expect(metadata["ids"] as? [String] == ["a", "b"])
  }

  @Test("whatever is in it, it stays one line and the same text")
  func escapes() throws {
    let text = "a\"b\\c\nd\r\t\u{0}\u{1f}é\u{2028}😀"
    let written = try lines { $0.notice("\(text)", metadata: ["\(text)": .dictionary(["k": .array(["\(text)"])])]) }
    #expect(written.count == 1)
    #expect(written[0]["message"] as? String == text)
    let metadata = written[0]["metadata"] as? [String: [String: [String]]]
    #expect(metadata == [text: ["k": [text]]])
  }

  @Test("the logger's own metadata is there, too, and that of the line wins")
  func merged() throws {
    let written = try lines { logger in
      var logger = logger
      logger[metadataKey: "connection"] = "7"
      logger[metadataKey: "code"] = "1"
      logger.info("connection closed", metadata: ["code": "1000"])
    }
    #expect(written[0]["metadata"] as? [String: String] == ["connection": "7", "code": "1000"])
  }

  @Test("of an error only its type is written, as its description may quote what it is about")
  func errors() throws {
    let written = try lines { $0.error("it failed", error: Unkind(), metadata: [:]) }
    #expect(written[0]["metadata"] as? [String: String] == ["error": "Unkind"])
  }

  @Test("what is below the level is not written")
  func level() throws {
    let written = try lines { logger in
      var logger = logger
      logger.logLevel = .notice
      logger.info("no")
      logger.notice("yes")
    }
    #expect(written.map { $0["message"] as? String } == ["yes"])
  }

  @Test("lines of several threads do not mix")
  func threads() throws {
    let written = try lines { logger in
      DispatchQueue.concurrentPerform(iterations: 4) { thread in
        for index in 0..<50 { logger.notice("line", metadata: ["thread": "\(thread)", "index": "\(index)"]) }
      }
    }
    #expect(written.count == 200)
  }
}
