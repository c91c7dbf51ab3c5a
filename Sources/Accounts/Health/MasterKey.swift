import Foundation

/// The key under which all data keys are sealed: 256 bits that live apart from the database. It prints as `•••`.
struct MasterKey: Sendable {
  let bytes: Data

  /// Reads the key from a file, which its owner alone may read: 64 hexadecimal digits.
  ///
  /// - Throws: ``AccountRefusal/unavailable(why:)`` if there is no such file, or others may read it.
  init(reading file: String) throws(AccountRefusal) {
    var status = stat()
    guard stat(file, &status) == 0 else {
      throw .unavailable(
        why: """
          the master key \(file) is not there, and data is sealed under it; put it back from where it was saved, or name \
          the right file (--master-key, or the setting 'master-key')
          """)
    }
    guard status.st_mode & 0o077 == 0 else {
      throw .unavailable(why: "the master key \(file) can be read by others than its owner; chmod 600 it")
    }
    guard let text = try? String(contentsOfFile: file, encoding: .ascii), let read = MasterKey.bytes(text) else {
      throw .unavailable(why: "\(file) is not a master key: 64 hexadecimal digits")
    }
    bytes = read
  }

  /// Makes a key in a file (mode 0600), or reads the one that is there.
  ///
  /// - Throws: ``AccountRefusal/unavailable(why:)`` as ``init(reading:)``, and if the file cannot be written.
  init(makingOrReading file: String) throws(AccountRefusal) {
    let descriptor = Glibc.open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      guard errno == EEXIST else {
        throw .unavailable(why: "the master key \(file) cannot be made (\(String(cString: strerror(errno))))")
      }
      try self.init(reading: file)
      return
    }
    defer { close(descriptor) }
    let made = Data(Entropy.system.bytes(32))
    let text = made.map { String(format: "%02x", $0) }.joined() + "\n"
    guard write(descriptor, text, text.utf8.count) == text.utf8.count, fsync(descriptor) == 0 else {
      unlink(file)
      throw .unavailable(why: "the master key \(file) cannot be written; is the disk full?")
    }
    self.init(bytes: made)
  }

  private init(bytes: Data) {
    self.bytes = bytes
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
  var description: String { "•••" }
  var debugDescription: String { "•••" }
  var customMirror: Mirror { Mirror(self, children: []) }
}
