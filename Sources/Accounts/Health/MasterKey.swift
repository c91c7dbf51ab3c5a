import Foundation

/// The key under which all data keys are sealed: 256 bits that live apart from the database. It prints as `•••`.
public struct MasterKey: Sendable {
  let bytes: Data

  /// - Precondition: 32 bytes.
  init(bytes: Data) {
    precondition(bytes.count == 32)
    self.bytes = bytes
  }

  /// Reads the key from a file, which its owner alone may read, or makes the file (mode 0600) if there is none: 64
  /// hexadecimal digits.
  ///
  /// - Parameter file: may be on another disk than the database, and should be.
  /// - Throws: ``AccountRefusal/unavailable(why:)`` if it is not such a file, or others may read it.
  public init(file: String) throws(AccountRefusal) {
    let descriptor = Glibc.open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      defer { close(descriptor) }
      let made = Data(Entropy.system.bytes(32))
      let text = made.map { String(format: "%02x", $0) }.joined() + "\n"
      guard write(descriptor, text, text.utf8.count) == text.utf8.count, fsync(descriptor) == 0 else {
        unlink(file)
        throw .unavailable(why: "the master key \(file) cannot be written; is the disk full?")
      }
      bytes = made
      return
    }
    guard errno == EEXIST else {
      throw .unavailable(why: "the master key \(file) cannot be made (\(String(cString: strerror(errno))))")
    }
    var status = stat()
    guard stat(file, &status) == 0, status.st_mode & 0o077 == 0 else {
      throw .unavailable(why: "the master key \(file) can be read by others than its owner; chmod 600 it")
    }
    guard let text = try? String(contentsOfFile: file, encoding: .ascii), let read = MasterKey.bytes(text) else {
      throw .unavailable(why: "\(file) is not a master key: 64 hexadecimal digits")
    }
    bytes = read
  }

  private static func bytes(_ text: String) -> Data? {
    let digits = text.split(whereSeparator: \.isWhitespace).joined()
    guard digits.utf8.count == 64 else { return nil }
    var bytes = Data()
    var rest = digits[...]
    while !rest.isEmpty {
      guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    return bytes
  }
}

extension MasterKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
