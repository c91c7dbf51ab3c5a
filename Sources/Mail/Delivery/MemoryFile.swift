import Foundation

/// A file without a name that is on no disk, to hand something to another program without a trace.
final class MemoryFile: Sendable {
  let descriptor: Int32

  init(_ contents: Data) throws(SystemError) {
    let name = "/mqm-mail-\(UUID().uuidString)"
    descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw SystemError(code: errno) }
    shm_unlink(name)
    do {
      try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: contents)
    } catch {
      close(descriptor)
      throw SystemError(code: ENOSPC)
    }
    lseek(descriptor, 0, SEEK_SET)
  }

  deinit { close(descriptor) }

  /// What it holds, as far as it is UTF-8.
  ///
  /// - Parameter bound: bytes.
  func beginning(_ bound: Int) -> String {
    var bytes = [UInt8](repeating: 0, count: bound)
    let count = pread(descriptor, &bytes, bound, 0)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
