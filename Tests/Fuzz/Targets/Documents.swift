import Rooms

@testable import MQMSessions

extension FuzzTarget {
  /// Contents that are handed over as documents, under each type: what one type accepts, no other does.
  static let documents = FuzzTarget(name: "documents") { bytes in
    let accepted = Document.MediaType.allCases.filter { DocumentContent.isWhole(bytes, $0) }
    check(accepted.count <= 1, "one content of two types")
    // A PDF may have been added to, a JPEG may have more images behind it.
    guard accepted.first == .png else { return }
    let half = UnsafeRawBufferPointer(rebasing: bytes.dropLast(bytes.count / 2 + 1))
    check(!DocumentContent.isWhole(half, .png), "half of it is whole")
  }
}
