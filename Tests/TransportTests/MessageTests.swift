import Synchronization
import TestSupport
import Testing

@testable import Transport

@Suite struct MessageTests {
  @Test(arguments: [0, 1, 125, 126, 127, 1_000, 1_016, 1_024, 1_040, 1_041, 4_096, 65_535, 65_536])
  func `A message of any length is echoed`(count: Int) throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      let text = String(repeating: "x", count: count)
      try client.sendText(text)
      #expect(try client.text() == text)
    }
  }

  @Test func `Fragments are put together, with a ping in between`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      try client.sendFrame(1, Array("one ".utf8), isFinal: false)
      try client.sendFrame(0, Array("two ".utf8), isFinal: false)
      try client.sendFrame(9, Array("ping".utf8))
      try client.sendFrame(0, Array("three".utf8))
      let answers = [try client.frame(), try client.frame()]
      #expect(answers.contains(Frame(opcode: 10, payload: Array("ping".utf8))))
      #expect(answers.contains { $0.text == "one two three" })
    }
  }

  @Test func `Empty fragments are fragments`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      try client.sendFrame(1, [], isFinal: false)
      try client.sendFrame(0, Array("é".utf8), isFinal: false)
      try client.sendFrame(0, [])
      #expect(try client.text() == "é")
      try client.sendFrame(1, [], isFinal: false)
      try client.sendFrame(0, [])
      #expect(try client.text() == "")
    }
  }

  @Test(arguments: 1_000...1_048)
  func `A character may lie across any border of a read`(offset: Int) throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      let text = String(repeating: "a", count: offset) + "é€😀" + String(repeating: "b", count: 50)
      try client.sendText(text)
      #expect(try client.text() == text)
    }
  }

  @Test func `A character may lie across fragments`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      for byte in Array("😀".utf8).dropLast() {
        try client.sendFrame(byte == 0xf0 ? 1 : 0, [byte], isFinal: false)
      }
      try client.sendFrame(0, [0x80])
      #expect(try client.text() == "😀")
    }
  }

  @Test func `A frame may come byte by byte`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      for byte in TestClient.frame(1, Array("slowly".utf8)) { try client.stream.write([byte]) }
      #expect(try client.text() == "slowly")
    }
  }

  @Test func `Ten messages in one write are ten messages, in order`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      let texts = (0..<10).map { "message \($0) " + String(repeating: "y", count: 37 * $0) }
      try client.stream.write(texts.flatMap { TestClient.frame(1, Array($0.utf8)) })
      for text in texts { #expect(try client.text() == text) }
    }
  }

  @Test func `Masks of all values, zero included, are taken off`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      for mask: [UInt8] in [[0, 0, 0, 0], [255, 255, 255, 255], [1, 0, 2, 0]] {
        try client.stream.write(TestClient.frame(1, Array("masked text".utf8), mask: mask))
        #expect(try client.text() == "masked text")
      }
    }
  }

  @Test func `Ten thousand messages arrive in order`() throws {
    try TestServer.run { server in
      let client = try TestClient.open(server)
      let count = 10_000
      // Written by a thread of its own: echoes come back meanwhile.
      let stream = client.stream as! TCPStream
      let writer = Worker {
        for start in stride(from: 0, to: count, by: 100) {
          try? stream.write((start..<start + 100).flatMap { TestClient.frame(1, Array("message \($0)".utf8)) })
        }
      }
      for index in 0..<count { try #require(try client.text() == "message \(index)") }
      writer.wait()
    }
  }

  @Test func `Pieces, bytes and text leave in the order in which they were sent`() throws {
    let handler = TestHandler()
    handler.onReceived = { socket, text in
      socket.send(text: "first")
      socket.send(text: [UInt8](repeating: UInt8(ascii: "s"), count: 70_000))
      "<".utf8.withContiguousStorageIfAvailable { prefix in
        ">".utf8.withContiguousStorageIfAvailable { suffix in
          _ = socket.send(
            prefix: UnsafeRawBufferPointer(prefix), body: text, suffix: UnsafeRawBufferPointer(suffix))
        }
      }
      socket.send(text: Array("last".utf8))
    }
    try TestServer.run(handler) { server in
      let client = try TestClient.open(server)
      try client.sendText("body")
      #expect(try client.text() == "first")
      #expect(try client.text().utf8.count == 70_000)
      #expect(try client.text() == "<body>")
      #expect(try client.text() == "last")
    }
  }

  @Test func `A broadcast reaches everyone`() throws {
    let handler = TestHandler()
    try TestServer.run(handler) { server in
      let clients = try (0..<20).map { _ in try TestClient.open(server) }
      for _ in clients { _ = try handler.opened.next() }
      server.loop.execute { server.server.forEachSocket { $0.send(text: "to all") } }
      for client in clients { #expect(try client.text() == "to all") }
    }
  }

  @Test func `A silent client is pinged, and one that answers stays`() throws {
    try TestServer.run(
      TestHandler(),
      .with {
        $0.pingAfter = .seconds(1)
        $0.hangUpAfter = .seconds(4)
      }
    ) { server in
      let client = try TestClient.open(server)
      // Longer than the hang-up by the number of pings that are answered.
      for _ in 0..<3 {
        let ping = try client.frame()
        #expect(ping.opcode == 9)
        try client.sendFrame(10, ping.payload)
      }
      try client.sendText("here")
      var frame = try client.frame()
      if frame.opcode == 9 { frame = try client.frame() }
      #expect(frame.text == "here")
    }
  }

  @Test func `In a crowd everybody is pinged once, whoever leaves in between`() throws {
    try TestServer.run(
      TestHandler(),
      .with {
        $0.pingAfter = .seconds(1)
        $0.hangUpAfter = .seconds(20)
      }
    ) { server in
      let crowd = try (0..<300).map { _ in try TestClient.open(server) }
      var staying: [TestClient] = []
      for (index, client) in crowd.enumerated() {
        if index.isMultiple(of: 3) { try client.sendClose(1000) } else { staying.append(client) }
      }
      for client in staying {
        #expect(try client.frame().opcode == 9)
        try client.sendText("here")
        #expect(try client.frame().text == "here")
      }
    }
  }

  @Test func `A client that stays silent is hung up on`() throws {
    try TestServer.run(
      TestHandler(),
      .with {
        $0.pingAfter = .seconds(1)
        $0.hangUpAfter = .seconds(2)
      }
    ) { server in
      let client = try TestClient.open(server)
      #expect(client.sawEnd())
      #expect(try server.handler.closed.next().code == nil)
    }
  }
}
