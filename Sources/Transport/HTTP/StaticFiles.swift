import Foundation

/// The files of a folder, read once, so that no request can reach anything else.
public struct StaticFiles: Sendable {
  fileprivate struct File: Sendable {
    let headers: [Header]
    let etag: String
    let body: [UInt8]
  }

  private let files: [String: File]

  /// Reads the folder and those within it. Hidden files, and files of a type that is not listed in `types`, are left
  /// out.
  ///
  /// - Throws: `TransportError.unreadable`.
  public init(folder: String) throws {
    var files: [String: File] = [:]
    let root = URL(filePath: folder, directoryHint: .isDirectory)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder), isFolder.boolValue,
      let names = FileManager.default.enumerator(atPath: root.path)
    else {
      throw TransportError.unreadable(setting: "folder of static files", path: folder, reason: "it is not a folder")
    }
    for case let name as String in names {
      guard let type = Self.types[(name as NSString).pathExtension.lowercased()],
        !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }),
        names.fileAttributes?[.type] as? FileAttributeType == .typeRegular
      else { continue }
      let content: Data
      do {
        content = try Data(contentsOf: root.appending(path: name))
      } catch {
        throw TransportError.unreadable(
          setting: "static file", path: "\(folder)/\(name)", reason: error.localizedDescription)
      }
      files["/\(name)"] = File(type: type, body: Array(content))
    }
    files["/"] = files["/index.html"]
    self.files = files
  }

  /// The paths that are served, sorted.
  public var paths: [String] { files.keys.sorted() }

  /// The response to a `GET` or `HEAD` of a file; nil for other methods and paths. `304` if the client has that
  /// version.
  public func response(to request: Request) -> HTTPResponse? {
    guard request.method == "GET" || request.method == "HEAD" else { return nil }
    return response(path: request.path, ifNoneMatch: request[.ifNoneMatch])
  }

  /// The response for the file at `path`, for instance for a page that is served at another path as well.
  public func response(path: String, ifNoneMatch: String? = nil) -> HTTPResponse? {
    guard let file = files[path] else { return nil }
    if let ifNoneMatch, Self.matches(ifNoneMatch, file.etag) {
      return HTTPResponse(status: 304, headers: file.headers)
    }
    return HTTPResponse(status: 200, headers: file.headers, body: file.body)
  }

  /// RFC 9110, 13.1.2: a list of tags, compared weakly, or `*`.
  private static func matches(_ condition: String, _ etag: String) -> Bool {
    condition.split(separator: ",").contains { element in
      var tag = element.drop { $0 == " " }.prefix { $0 != " " }
      if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
      return tag == etag || tag == "*"
    }
  }

  /// By extension, in lower case.
  private static let types = [
    "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8", "svg": "image/svg+xml", "json": "application/json", "png": "image/png",
    "ico": "image/x-icon", "webmanifest": "application/manifest+json", "woff2": "font/woff2",
    "txt": "text/plain; charset=utf-8",
  ]
}

extension StaticFiles.File {
  fileprivate init(type: String, body: [UInt8]) {
    // FNV-1a: it only has to change with the content; nobody gains by a collision in their own files.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in body { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    etag = "\"\(String(hash, radix: 16))-\(body.count)\""
    headers = [Header("Content-Type", type), Header("ETag", etag), Header("Cache-Control", "no-cache")]
    self.body = body
  }
}
