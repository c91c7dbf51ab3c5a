import Rooms

/// An event as a session keeps it for whoever comes back: its number, which of all events it is, and a filling that makes
/// some longer than others.
struct KeptEvent {
  let number: UInt64
  let index: Int

  /// Bytes of filling, at most.
  static let longestFilling = 60
  /// Bytes in all, at most.
  static let longest = 2 * MemoryLayout<UInt64>.size + longestFilling

  private static let filling = [UInt8](repeating: 0, count: longestFilling)

  init(number: UInt64, index: Int) {
    self.number = number
    self.index = index
  }

  init(_ bytes: UnsafeRawBufferPointer) {
    number = bytes.loadUnaligned(as: UInt64.self)
    index = bytes.loadUnaligned(fromByteOffset: 8, as: Int.self)
  }

  /// Has a session keep it, with so many bytes of filling.
  func keep(in continuity: inout Continuity<Token>, filling: Int) {
    withUnsafeBytes(of: number) { head in
      withUnsafeBytes(of: index) { body in
        Self.filling.withUnsafeBytes { tail in
          continuity.keep(head, body, UnsafeRawBufferPointer(rebasing: tail[..<filling]))
        }
      }
    }
  }
}
