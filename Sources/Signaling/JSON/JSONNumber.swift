/// Numbers in a JSON text that a scanner has passed over.
enum JSONNumber {
  /// An integer from 0 to 2^53 - 1, which is as far as every JSON reader agrees; nil for any other value.
  static func integer(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
    guard range.count <= 16 else { return nil }
    var value = 0
    for position in range {
      let byte = text[position]
      guard case UInt8(ascii: "0")...UInt8(ascii: "9") = byte else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value < 1 << 53 ? value : nil
  }
}
