import Foundation
import Glibc

/// A file of master keys, which its owner alone may read: 64 hexadecimal digits a line, the current key first.
public struct MasterKeyFile: Sendable {
  let path: String

  public init(path: String) {
    self.path = path
  }

  /// What tells that the file is another one, or was changed: looked at before each use.
  struct Fingerprint: Equatable {
    let device: UInt
    let inode: UInt
    let size: Int
    let seconds: Int
    let nanoseconds: Int
  }

  /// nil if there is no such file.
  var fingerprint: Fingerprint? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Fingerprint(
      device: UInt(status.st_dev), inode: UInt(status.st_ino), size: Int(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }

  /// - Throws: ``VaultFailure/noKey(why:)`` if there is no such file, others may read it, or it has no keys.
  public func read() throws(VaultFailure) -> [MasterKey] {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .noKey(
        why: """
          the master key \(path) is not there, and data is sealed under it; put it back from where it was saved, or name \
          the right file (--master-key, or the setting 'master-key')
          """)
    }
    guard status.st_mode & 0o077 == 0 else {
      throw .noKey(why: "the master key \(path) can be read by others than its owner; chmod 600 it")
    }
    guard status.st_size <= 65_536, let text = try? String(contentsOfFile: path, encoding: .ascii) else {
      throw .noKey(why: "\(path) is not a master key: 64 hexadecimal digits, or several such lines")
    }
    return try MasterKeySource.keys(in: text, from: path)
  }

  /// Makes a key in the file (mode 0600) if there is no such file, at once and durably: whoever reads has a whole key, and
  /// of several that make one at the same time all have the same. Who is killed meanwhile leaves no more than a file of
  /// another name, whose key nobody has used.
  ///
  /// - Throws: ``VaultFailure/cannotWrite(why:)``.
  func makeIfMissing() throws(VaultFailure) {
    guard access(path, F_OK) != 0 else { return }
    let new = "\(path).\(UUID().uuidString)"
    let descriptor = open(new, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .cannotWrite(why: "the master key \(path) cannot be made (\(String(cString: strerror(errno))))")
    }
    defer {
      close(descriptor)
      unlink(new)
    }
    guard Self.write([MasterKey()], to: descriptor) else {
      throw .cannotWrite(why: "the master key \(path) cannot be written; is the disk full?")
    }
    // Unlike a new name for it, a link takes nothing's place.
    guard link(new, path) == 0 || errno == EEXIST else {
      throw .cannotWrite(why: "the master key \(path) cannot be made (\(String(cString: strerror(errno))))")
    }
    guard Self.flush(folderOf: path) else {
      throw .cannotWrite(why: "the folder of the master key \(path) cannot be written")
    }
  }

  /// Puts other keys in the place of those that are there, at once and durably: whoever reads has the ones or the others.
  /// The file stays its owner's, whoever runs this.
  ///
  /// - Throws: ``VaultFailure/cannotWrite(why:)``; then the file is as it was.
  public func replace(with keys: [MasterKey]) throws(VaultFailure) {
    let new = path + ".new"
    unlink(new)
    let descriptor = open(new, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .cannotWrite(why: "\(new) cannot be made (\(String(cString: strerror(errno))))")
    }
    defer { close(descriptor) }
    var old = stat()
    if stat(path, &old) == 0 {
      guard fchown(descriptor, old.st_uid, old.st_gid) == 0 || old.st_uid == geteuid(),
        fchmod(descriptor, old.st_mode & 0o700) == 0
      else {
        unlink(new)
        throw .cannotWrite(why: "\(path) belongs to another user; run this as its owner, or as root")
      }
    }
    guard Self.write(keys, to: descriptor), rename(new, path) == 0, Self.flush(folderOf: path) else {
      unlink(new)
      throw .cannotWrite(why: "\(path) cannot be written; is the disk full?")
    }
  }

  private static func write(_ keys: [MasterKey], to descriptor: Int32) -> Bool {
    let text = keys.map { $0.digits + "\n" }.joined()
    return Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count && fsync(descriptor) == 0
  }

  private static func flush(folderOf path: String) -> Bool {
    let folder = open((path as NSString).deletingLastPathComponent.nonEmpty ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return false }
    defer { close(folder) }
    return fsync(folder) == 0
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
