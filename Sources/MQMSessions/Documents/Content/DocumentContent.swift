import Rooms

/// Whether a content is what it is said to be. The work is proportional to the content, whatever is in it.
enum DocumentContent {
  static func isWhole(_ bytes: UnsafeRawBufferPointer, _ type: Document.MediaType) -> Bool {
    switch type {
    case .pdf: PDFStructure.isWhole(bytes)
    case .jpeg: JPEGStructure.isWhole(bytes)
    case .png: PNGStructure.isWhole(bytes)
    }
  }
}
