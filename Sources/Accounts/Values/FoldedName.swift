import Foundation

/// A name as it is compared in a search: without case and accents.
struct FoldedName: Hashable, Sendable {
  let text: String

  init(_ name: String) {
    guard name.utf8.contains(where: { $0 >= 0x80 }) else {
      text = name.lowercased()
      return
    }
    var folded = String.UnicodeScalarView()
    for scalar in name.decomposedStringWithCompatibilityMapping.unicodeScalars
    where scalar.properties.generalCategory != .nonspacingMark { folded.append(scalar) }
    text = String(folded).lowercased()
  }
}
