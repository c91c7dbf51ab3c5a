/// A message of STUN (RFC 8489) or TURN (RFC 8656), with what is needed to ask a server for an allocation.
public struct STUNMessage: Equatable, Sendable {
  /// RFC 8489, section 5: the two class bits.
  public enum Class: UInt16, Sendable {
    case request = 0x000
    case indication = 0x010
    case success = 0x100
    case failure = 0x110
  }

  /// RFC 8489, section 18.2, and RFC 8656, section 17: what this project asks for.
  public enum Method: UInt16, Sendable {
    case binding = 0x001
    case allocate = 0x003
    case refresh = 0x004
  }

  /// What answer belongs to which request: 12 bytes (RFC 8489, section 5).
  public typealias TransactionID = [UInt8]

  public let method: Method
  public let messageClass: Class
  public let transaction: TransactionID
  /// In the order in which they stand. Those after MESSAGE-INTEGRITY are not in here, as nobody vouches for them.
  public private(set) var attributes: [STUNAttribute]

  /// - Parameter transaction: 12 bytes; random ones by default.
  public init(
    _ method: Method, _ messageClass: Class = .request, transaction: TransactionID = Self.randomTransaction(),
    attributes: [STUNAttribute] = []
  ) {
    precondition(transaction.count == Self.transactionBytes)
    self.method = method
    self.messageClass = messageClass
    self.transaction = transaction
    self.attributes = attributes
  }

  public static func randomTransaction() -> TransactionID {
    (0..<transactionBytes).map { _ in .random(in: 0...255) }
  }

  public subscript(_ type: STUNAttribute.Kind) -> [UInt8]? {
    attributes.first { $0.type == type.rawValue }?.value
  }

  public mutating func append(_ attribute: STUNAttribute) {
    attributes.append(attribute)
  }

  // MARK: Bytes

  static let headerBytes = 20
  static let transactionBytes = 12
  static let magicCookie: [UInt8] = [0x21, 0x12, 0xA4, 0x42]
  /// The longest message that is read: none that is needed comes near it.
  public static let bytesAtMost = 2_048

  /// Reads a message. Nothing that is in `bytes` can do harm: every length is checked against what is there.
  ///
  /// - Throws: ``STUNFault/notAMessage`` unless it is exactly one message, of a method and class that this type knows.
  public init(_ bytes: some Collection<UInt8>) throws(STUNFault) {
    let bytes = Array(bytes)
    guard bytes.count >= Self.headerBytes, bytes.count <= Self.bytesAtMost, bytes[0] & 0xC0 == 0,
      Array(bytes[4..<8]) == Self.magicCookie,
      let length = Self.length(ofMessageAt: bytes[...]), length == bytes.count
    else { throw .notAMessage }
    let type = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    guard let messageClass = Class(rawValue: type & 0x110),
      let method = Method(rawValue: type & 0x00F | (type & 0x0E0) >> 1 | (type & 0x3E00) >> 2)
    else { throw .notAMessage }
    var attributes: [STUNAttribute] = []
    var at = Self.headerBytes
    while at < bytes.count {
      guard at + 4 <= bytes.count else { throw .notAMessage }
      let kind = UInt16(bytes[at]) << 8 | UInt16(bytes[at + 1])
      let count = Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
      let end = at + 4 + count
      guard end <= bytes.count else { throw .notAMessage }
      attributes.append(STUNAttribute(type: kind, value: Array(bytes[(at + 4)..<end])))
      if kind == STUNAttribute.Kind.messageIntegrity.rawValue { break }
      at = end + Self.padding(of: count)
    }
    self.init(method, messageClass, transaction: Array(bytes[8..<20]), attributes: attributes)
  }

  /// How long the message is that begins here, header included; nil as long as its header is not there, or if it is none.
  /// What delimits messages in a stream (RFC 8489, section 6.2.2).
  public static func length(ofMessageAt bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= 4 else { return nil }
    let start = bytes.startIndex
    let length = Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])
    return length % 4 == 0 ? headerBytes + length : nil
  }

  /// The message as it is sent.
  ///
  /// - Parameter key: with it a MESSAGE-INTEGRITY is put at the end (RFC 8489, section 14.5).
  public func encoded(with key: MessageIntegrityKey? = nil) -> [UInt8] {
    var body: [UInt8] = []
    for attribute in attributes {
      body += Self.head(attribute.type, attribute.value.count) + attribute.value
      body += [UInt8](repeating: 0, count: Self.padding(of: attribute.value.count))
    }
    guard let key else { return header(length: body.count) + body }
    // What is signed says the length that the message has with the signature.
    let signed = header(length: body.count + 4 + MessageIntegrityKey.bytes) + body
    return signed + Self.head(STUNAttribute.Kind.messageIntegrity.rawValue, MessageIntegrityKey.bytes)
      + key.code(of: signed)
  }

  /// Whether a message, as it came, was signed with that key.
  public static func isSigned(_ bytes: [UInt8], with key: MessageIntegrityKey) -> Bool {
    guard let message = try? STUNMessage(bytes), let code = message[.messageIntegrity],
      message.attributes.last?.type == STUNAttribute.Kind.messageIntegrity.rawValue
    else { return false }
    let before = message.attributes.dropLast().reduce(headerBytes) {
      $0 + 4 + $1.value.count + padding(of: $1.value.count)
    }
    let length = before - headerBytes + 4 + MessageIntegrityKey.bytes
    var signed = Array(bytes[..<before])
    signed[2] = UInt8(length >> 8)
    signed[3] = UInt8(length & 0xFF)
    return key.vouches(for: signed, code: code)
  }

  private func header(length: Int) -> [UInt8] {
    let number = method.rawValue
    let type = number & 0x00F | (number & 0x070) << 1 | (number & 0xF80) << 2 | messageClass.rawValue
    return [UInt8(type >> 8), UInt8(type & 0xFF), UInt8(length >> 8), UInt8(length & 0xFF)] + Self.magicCookie
      + transaction
  }

  private static func head(_ type: UInt16, _ count: Int) -> [UInt8] {
    [UInt8(type >> 8), UInt8(type & 0xFF), UInt8(count >> 8), UInt8(count & 0xFF)]
  }

  private static func padding(of count: Int) -> Int { (4 - count % 4) % 4 }
}

/// Why something is not a message, or not one that can be used.
public enum STUNFault: Error, Equatable, Sendable {
  case notAMessage
}
