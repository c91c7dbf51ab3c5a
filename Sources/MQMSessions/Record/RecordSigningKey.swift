import Crypto
public import Foundation

/// The Ed25519 key that signs heads (RFC 8032). It prints as `•••`.
public struct RecordSigningKey: Sendable {
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  private let key: Curve25519.Signing.PrivateKey
  /// 32 bytes.
  public let publicKey: Data
  /// Names the key in heads: the first 16 digits of the public key's SHA-256.
  public let id: String

  /// Reads the key from a file that its owner alone may read (64 hexadecimal digits), or makes one there.
  ///
  /// - Throws: ``Failure``, which says what to do.
  public init(makingOrReading file: URL) throws(Failure) {
    if !FileManager.default.fileExists(atPath: file.path) { try Self.make(file) }
    try self.init(reading: file)
  }

  /// - Throws: ``Failure``, which says what to do.
  public init(reading file: URL) throws(Failure) {
    var status = stat()
    guard stat(file.path, &status) == 0 else {
      throw Failure(
        description: "The signing key \(file.path) is not there. Name the right file with 'record.signing-key'.")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw Failure(
        description: "The signing key \(file.path) can be read by others than its owner: chmod 600 it.")
    }
    guard let text = try? String(contentsOf: file, encoding: .ascii),
      let seed = RecordDigest(hexadecimal: text.trimmingCharacters(in: .whitespacesAndNewlines)),
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed.data)
    else {
      throw Failure(description: "\(file.path) is not a signing key: 64 hexadecimal digits, in lower case.")
    }
    self.init(key)
  }

  init(_ key: Curve25519.Signing.PrivateKey) {
    self.key = key
    publicKey = key.publicKey.rawRepresentation
    id = Self.id(of: publicKey)
  }

  func sign(_ head: TreeHead) throws -> SignedHead {
    let text = head.text
    return SignedHead(text: text, signature: try key.signature(for: Data(text.utf8)), publicKey: publicKey)
  }

  static func id(of publicKey: Data) -> String {
    String(RecordDigest.hash(publicKey).hexadecimal.prefix(16))
  }

  static func isValid(_ signature: Data, for data: Data, by publicKey: Data) -> Bool {
    (try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey))?.isValidSignature(signature, for: data) ?? false
  }

  /// Whole or not at all, also if the machine stops meanwhile.
  private static func make(_ file: URL) throws(Failure) {
    let key = Curve25519.Signing.PrivateKey().rawRepresentation.hexadecimal + "\n"
    let unfinished = file.path + ".\(getpid()).new"
    unlink(unfinished)
    let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    defer { unlink(unfinished) }
    guard descriptor >= 0 else { throw cannotMake(file) }
    let isWritten = write(descriptor, key, key.utf8.count) == key.utf8.count && fsync(descriptor) == 0
    close(descriptor)
    // Not a rename: a key that another process made meanwhile stays.
    guard isWritten, link(unfinished, file.path) == 0 || errno == EEXIST else { throw cannotMake(file) }
    FileFlush.folder(of: file)
  }

  private static func cannotMake(_ file: URL) -> Failure {
    Failure(description: "The signing key \(file.path) cannot be made (\(String(cString: strerror(errno)))).")
  }
}

extension RecordSigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

enum FileFlush {
  /// Makes a name in a folder durable.
  static func folder(of file: URL) {
    let descriptor = open(file.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
