/// A message of which some pieces have arrived.
struct MessageAssembly {
  private(set) var bytes: [UInt8] = []
  /// How many of the bytes are known to be whole characters.
  private(set) var checked = 0
  /// When the first piece came, in nanoseconds of the loop's clock; nil if none has.
  private(set) var began: UInt64?

  mutating func append(_ piece: UnsafeRawBufferPointer, at now: UInt64) {
    began = began ?? now
    bytes.append(contentsOf: piece)
  }

  /// Whether some bytes that follow could make UTF-8 of what is here.
  mutating func canBecomeText() -> Bool {
    guard let whole = bytes.withUnsafeBytes({ wholeCharacters($0, from: checked) }) else { return false }
    checked = whole
    return true
  }
}
