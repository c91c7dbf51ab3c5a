import Foundation

/// Small contents of each type that documents may have.
enum SampleContent {
  /// One transparent pixel.
  static let png = Array(
    Data(
      base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")!
  )

  /// One grey pixel, progressive.
  static let jpeg =
    Array(
      Data(
        base64Encoded:
          "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////"
          + "////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=")!) + [0xff, 0xd9]

  /// A PDF without a page, of exactly that many bytes, which differ by `seed`.
  static func pdf(_ size: Int = 400, seed: UInt8 = 7) -> [UInt8] {
    let start = Array("%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n%".utf8)
    func end(_ offset: Int) -> [UInt8] {
      let entry = String(format: "%010d 00000 n \n", 9)
      return Array(
        "\nxref\n0 2\n0000000000 65535 f \n\(entry)trailer\n<< /Size 2 /Root 1 0 R >>\nstartxref\n\(offset)\n%%EOF\n"
          .utf8)
    }
    var padding = size - start.count - end(size).count
    let offset = start.count + padding + 1
    padding += end(size).count - end(offset).count
    let filler = (0..<padding).map { UInt8(truncatingIfNeeded: 0x80 | ($0 &* 31) ^ Int(seed) ^ $0 >> 8) }
    return start + filler + end(start.count + padding + 1)
  }
}
