import Testing

@testable import TURN

/// The sample messages of RFC 5769, and what no peer may do to a reader.
struct STUNMessageTests {
  // MARK: RFC 5769

  @Test("RFC 5769, 2.2: an answer with an IPv4 address, signed with a short-term password")
  func answerOverIPv4() throws {
    let bytes = hex(
      """
      0101003c 2112a442 b7e7a701bc34d686fa87dfae 8022000b7465737420766563746f7220
      002000080001a147e112a643 000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004c07d4c96
      """)
    let message = try STUNMessage(bytes)
    #expect(message.method == .binding && message.messageClass == .success)
    #expect(message.mappedAddress?.description == "192.0.2.1:32853")
    #expect(message[.software] == Array("test vector".utf8))
    #expect(STUNMessage.isSigned(bytes, with: MessageIntegrityKey(password: "VOkJxbRl1RmTxUk/WvJxBt")))
    #expect(!STUNMessage.isSigned(bytes, with: MessageIntegrityKey(password: "VOkJxbRl1RmTxUk/WvJxBT")))
  }

  @Test("RFC 5769, 2.3: an answer with an IPv6 address")
  func answerOverIPv6() throws {
    let bytes = hex(
      """
      01010048 2112a442 b7e7a701bc34d686fa87dfae 8022000b7465737420766563746f7220
      002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9 00080014a382954e4be67bf11784c97c8292c275bfe3ed41 80280004c8fb0b4c
      """)
    #expect(try STUNMessage(bytes).mappedAddress?.description == "[2001:db8:1234:5678:11:2233:4455:6677]:32853")
    #expect(STUNMessage.isSigned(bytes, with: MessageIntegrityKey(password: "VOkJxbRl1RmTxUk/WvJxBt")))
  }

  @Test("RFC 5769, 2.4: a request with long-term credentials is written byte for byte")
  func longTerm() throws {
    let bytes = hex(
      """
      00010060 2112a442 78ad3433c6ad72c029da412e
      00060012e3839ee38388e383aae38383e382afe382b90000
      0015001c662f2f3439396b39353464364f4c33346f4c394653547679363473 41
      0014000b6578616d706c652e6f726700 00080014f67024656dd64a3e02b8e0712e85c9a28ca89666
      """)
    // The RFC's password as OpaqueString has it.
    let key = MessageIntegrityKey(username: "マトリックス", realm: "example.org", password: "TheMatrIX")
    let message = STUNMessage(
      .binding, transaction: Array(bytes[8..<20]),
      attributes: [
        STUNAttribute(.username, text: "マトリックス"),
        STUNAttribute(.nonce, text: "f//499k954d6OL34oL9FSTvy64sA"),
        STUNAttribute(.realm, text: "example.org"),
      ])
    #expect(message.encoded(with: key) == bytes)
    #expect(STUNMessage.isSigned(bytes, with: key))
  }

  // MARK: TURN

  @Test("RFC 8656: an allocation is asked for, and what is asked comes back out of the bytes")
  func allocate() throws {
    let request = STUNMessage(.allocate, attributes: [.overUDP, .lifetime(seconds: 600)])
    let bytes = request.encoded()
    #expect(Array(bytes.prefix(4)) == [0x00, 0x03, 0x00, 0x10])
    #expect(try STUNMessage(bytes) == request)
    #expect(Array(bytes.suffix(4)) == [0, 0, 2, 88])
  }

  @Test("A relayed address and a refusal are read out of an answer")
  func answers() throws {
    let transaction = STUNMessage.randomTransaction()
    for address in [[198, 51, 100, 7], Array(1...16)] as [[UInt8]] {
      let relayed = try #require(TransportAddress(address: address, port: 50_001))
      let message = STUNMessage(
        .allocate, .success, transaction: transaction,
        attributes: [STUNAttribute(.xorRelayedAddress, relayed.xored(transaction: transaction))])
      #expect(try STUNMessage(message.encoded()).relayedAddress == relayed)
    }
    let refused = STUNMessage(
      .allocate, .failure,
      attributes: [STUNAttribute(.errorCode, [0, 0, 4, 86] + Array("Allocation Quota Reached".utf8))])
    #expect(try STUNMessage(refused.encoded()).refusal == .init(code: 486, reason: "Allocation Quota Reached"))
  }

  // MARK: What is not a message

  @Test("A changed byte anywhere is noticed, or makes another message of it")
  func changed() {
    let key = MessageIntegrityKey(username: "1:a", realm: "r", password: "p")
    let bytes = STUNMessage(.refresh, attributes: [.lifetime(seconds: 0)]).encoded(with: key)
    #expect(STUNMessage.isSigned(bytes, with: key))
    for at in bytes.indices {
      var other = bytes
      other[at] ^= 0x10
      #expect(!STUNMessage.isSigned(other, with: key), "byte \(at)")
    }
  }

  @Test("No bytes reach a trap: cut, lengthened and random ones are refused")
  func hostile() {
    let key = MessageIntegrityKey(username: "1:a", realm: "r", password: "p")
    let bytes = STUNMessage(
      .allocate, .failure,
      attributes: [STUNAttribute(.errorCode, [0, 0, 4, 1]), STUNAttribute(.realm, text: "example.org")]
    ).encoded(with: key)
    for count in 0..<bytes.count {
      #expect(throws: STUNFault.notAMessage) { try STUNMessage(bytes[..<count]) }
    }
    #expect(throws: STUNFault.notAMessage) { try STUNMessage(bytes + [0]) }
    #expect(throws: STUNFault.notAMessage) {
      try STUNMessage([UInt8](repeating: 0, count: STUNMessage.bytesAtMost + 4))
    }
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      var noise = bytes
      for _ in 0..<4 {
        noise[Int.random(in: noise.indices, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      guard let message = try? STUNMessage(noise) else { continue }
      _ = (message.refusal, message.mappedAddress, message.relayedAddress, STUNMessage.isSigned(noise, with: key))
    }
  }

  @Test("What stands after the signature is not believed")
  func afterSignature() throws {
    let key = MessageIntegrityKey(username: "1:a", realm: "r", password: "p")
    let signed = STUNMessage(.binding, .success).encoded(with: key)
    let address = STUNAttribute(.xorMappedAddress, [0, 1, 0, 0, 0, 0, 0, 0])
    var bytes = signed + [0x00, 0x20, 0x00, 0x08] + address.value
    bytes[3] += 12
    #expect(STUNMessage.isSigned(bytes, with: key))
    #expect(try STUNMessage(bytes).mappedAddress == nil)
  }

  @Test("Attributes whose value is not of its form are as if they were not there")
  func values() {
    for value in [[], [0, 1], [0, 1, 0, 0, 0, 0, 0], [0, 2, 0, 0, 0, 0, 0, 0], [0, 3, 0, 0, 0, 0, 0, 0]] as [[UInt8]] {
      #expect(
        STUNMessage(.binding, .success, attributes: [STUNAttribute(.xorMappedAddress, value)]).mappedAddress == nil)
    }
    for value in [[], [0, 0, 4], [0, 0, 7, 1], [0, 0, 2, 1], [0, 0, 4, 100]] as [[UInt8]] {
      #expect(STUNMessage(.binding, .failure, attributes: [STUNAttribute(.errorCode, value)]).refusal == nil)
    }
  }

  private func hex(_ text: String) -> [UInt8] {
    let digits = text.filter(\.isHexDigit)
    return stride(from: 0, to: digits.count, by: 2).map { offset in
      let at = digits.index(digits.startIndex, offsetBy: offset)
      return UInt8(digits[at...].prefix(2), radix: 16) ?? 0
    }
  }
}
