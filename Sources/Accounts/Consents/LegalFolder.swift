import Foundation
import Mail

/// A folder of texts to agree to (CU-3): `terms/1.fr.md`, `terms/1.en.md`, `privacy/1.fr.md` and so on, in UTF-8. A
/// version that was published stays as it is; a change is a new version.
public struct LegalFolder: Sendable {
  /// Files in one of its two folders.
  public static let maximumFiles = 1000
  /// Of a file.
  public static let maximumBytes = 800_000

  private let url: URL

  public init(path: String) {
    url = URL(filePath: path, directoryHint: .isDirectory)
  }

  /// Reads all of them, oldest versions first.
  ///
  /// - Throws: ``AccountRefusal/invalid(field:why:)`` that names the file which cannot be read, or is not a text.
  public func texts() throws(AccountRefusal) -> [LegalText] {
    var texts: [LegalText] = []
    for document in LegalDocument.allCases { texts += try self.texts(of: document) }
    return texts
  }

  private func texts(of document: LegalDocument) throws(AccountRefusal) -> [LegalText] {
    let folder = url.appending(path: document.rawValue, directoryHint: .isDirectory)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
      throw .invalid(field: .texts, why: "the folder \(folder.path) cannot be read; it should have \(document)/1.fr.md")
    }
    guard names.count <= LegalFolder.maximumFiles else {
      throw .invalid(field: .texts, why: "\(folder.path) has more than \(LegalFolder.maximumFiles) files")
    }
    var texts: [LegalText] = []
    for name in names where !name.hasPrefix(".") {
      texts.append(try read(folder.appending(path: name), named: name, of: document))
    }
    return texts.sorted { ($0.version, $0.language.rawValue) < ($1.version, $1.language.rawValue) }
  }

  private func read(_ file: URL, named name: String, of document: LegalDocument) throws(AccountRefusal) -> LegalText {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let version = Int(parts[0]), String(version) == parts[0],
      LegalText.versions.contains(version), let language = Language(rawValue: String(parts[1])), parts[2] == "md"
    else {
      throw .invalid(field: .texts, why: "\(file.path) is not named VERSION.LANGUAGE.md, such as 1.fr.md")
    }
    guard let handle = try? FileHandle(forReadingFrom: file),
      let bytes = try? handle.read(upToCount: LegalFolder.maximumBytes + 1)
    else { throw .invalid(field: .texts, why: "\(file.path) cannot be read, or is empty") }
    guard bytes.count <= LegalFolder.maximumBytes else {
      throw .invalid(field: .texts, why: "\(file.path) has more than \(LegalFolder.maximumBytes) bytes")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .invalid(field: .texts, why: "\(file.path) is not UTF-8")
    }
    return LegalText(document: document, version: version, language: language, text: text)
  }
}
