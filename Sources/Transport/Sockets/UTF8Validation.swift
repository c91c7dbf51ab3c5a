/// Whether the bytes are well-formed UTF-8 (RFC 3629): shortest forms, no surrogates, U+10FFFF at most.
///
/// libwebsockets could check as it receives, but its check misses a message that ends within a character when its last
/// fragment is empty, and applies itself to the payload of pongs. Complete messages leave no such gaps.
func isValidUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
  wholeCharacters(bytes) == bytes.count
}

/// How many of the bytes are whole characters, where what is left over begins another one; nil if no byte that follows
/// could make UTF-8 of them.
///
/// - Parameter start: so many of them are known to be whole characters.
func wholeCharacters(_ bytes: UnsafeRawBufferPointer, from start: Int = 0) -> Int? {
  guard let base = bytes.baseAddress else { return 0 }
  let count = bytes.count
  var index = start
  while index < count {
    // Many ASCII characters at a time: most of JSON and of SDP.
    while index + 32 <= count {
      let words = base.loadUnaligned(fromByteOffset: index, as: SIMD4<UInt64>.self)
      guard (words[0] | words[1] | words[2] | words[3]) & 0x8080_8080_8080_8080 == 0 else { break }
      index += 32
    }
    while index + 8 <= count, base.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
      index += 8
    }
    guard index < count else { break }
    let first = bytes[index]
    if first < 0x80 {
      index += 1
      continue
    }
    // The range of the second byte rules out overlong forms, surrogates and what is beyond Unicode.
    let length: Int
    let second: ClosedRange<UInt8>
    switch first {
    case 0xc2...0xdf: (length, second) = (2, 0x80...0xbf)
    case 0xe0: (length, second) = (3, 0xa0...0xbf)
    case 0xe1...0xec, 0xee...0xef: (length, second) = (3, 0x80...0xbf)
    case 0xed: (length, second) = (3, 0x80...0x9f)
    case 0xf0: (length, second) = (4, 0x90...0xbf)
    case 0xf1...0xf3: (length, second) = (4, 0x80...0xbf)
    case 0xf4: (length, second) = (4, 0x80...0x8f)
    default: return nil
    }
    let there = min(length, count - index)
    guard there == 1 || second.contains(bytes[index + 1]) else { return nil }
    for offset in 2..<max(2, there) where bytes[index + offset] & 0xc0 != 0x80 { return nil }
    guard there == length else { return index }
    index += length
  }
  return index
}
