import ArgumentParser
import Crypto
import Foundation

/// What a backup consists of: `manifest.json` in its folder.
struct BackupManifest: Codable {
  static let format = "mqm-backup/1"
  static let name = "manifest.json"
  /// What may be in a backup, and the order in which it is copied: what is referred to comes after what refers to it.
  static let databases = ["record.sqlite", "documents.sqlite", "accounts.sqlite"]

  struct File: Codable {
    let name: String
    let bytes: Int
    /// 64 lower-case hexadecimal digits.
    let sha256: String
    /// The migrations that the database has gone through.
    let schema: [String]
  }

  let format: String
  /// Milliseconds since 1970-01-01T00:00:00Z.
  let madeAt: Int64
  let files: [File]

  private enum CodingKeys: String, CodingKey {
    case format, files
    case madeAt = "made_at"
  }

  init(madeAt: Int64, files: [File]) {
    format = Self.format
    self.madeAt = madeAt
    self.files = files
  }

  func write(to folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(self) + Data("\n".utf8)
    let path = folder.appending(path: Self.name).path
    guard FileManager.default.createFile(atPath: path, contents: data, attributes: [.posixPermissions: 0o600]) else {
      throw BackupFailure("\(path) cannot be written; is the disk full?")
    }
  }

  /// Reads it, and sees that the files of the backup are those that were made.
  init(verifying folder: URL) throws {
    let path = folder.appending(path: Self.name)
    guard let data = try? Data(contentsOf: path) else {
      throw BackupFailure("There is no backup in '\(folder.path)': it has no \(Self.name).")
    }
    guard let manifest = try? JSONDecoder().decode(Self.self, from: data), manifest.format == Self.format else {
      throw BackupFailure("\(path.path) is not of a backup that this program can read; update the program.")
    }
    for file in manifest.files {
      guard Self.databases.contains(file.name) else {
        throw BackupFailure("\(path.path) names '\(file.name)', which is no file of a backup.")
      }
      tell("checking \(file.name), \(file.bytes) bytes")
      let digest = try? FileDigest(of: folder.appending(path: file.name))
      guard let digest, digest.bytes == file.bytes, digest.sha256 == file.sha256 else {
        throw BackupFailure("\(file.name) is missing or is not the file that was backed up; take another backup.")
      }
    }
    for needed in ["record.sqlite", "accounts.sqlite"] where !manifest.files.contains(where: { $0.name == needed }) {
      throw BackupFailure("The backup has no \(needed).")
    }
    self = manifest
  }
}

/// Size and SHA-256 of a file.
struct FileDigest {
  private static let chunk = 1_048_576

  let bytes: Int
  let sha256: String

  init(of url: URL) throws {
    let file = try FileHandle(forReadingFrom: url)
    defer { try? file.close() }
    var hash = SHA256()
    var count = 0
    while let data = try file.read(upToCount: Self.chunk), !data.isEmpty {
      hash.update(data: data)
      count += data.count
    }
    bytes = count
    sha256 = Data(hash.finalize()).digits
  }
}

/// Why a backup is not made, or not restored, and what to do.
struct BackupFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension URL {
  /// Whether it is a folder with nothing in it, or is not there at all.
  var isEmptyOrMissing: Bool {
    guard FileManager.default.fileExists(atPath: path) else { return true }
    return (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == true
  }

  /// Makes the folder, its owner's only.
  func makeFolder() throws {
    do {
      try FileManager.default.createDirectory(
        at: self, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw BackupFailure("The folder '\(path)' cannot be made: \(error.localizedDescription)")
    }
  }

  /// Bytes of the file; 0 if it is not there.
  var fileBytes: Int {
    ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int) ?? 0
  }

  /// Whether it lies in the other folder, or is it.
  func isInside(_ other: URL) -> Bool {
    let (own, others) = (resolvingSymlinksInPath().pathComponents, other.resolvingSymlinksInPath().pathComponents)
    return own.starts(with: others)
  }
}
