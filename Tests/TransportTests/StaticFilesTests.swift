import Foundation
import TestSupport
import Testing

@testable import Transport

@Suite struct StaticFilesTests {
  private static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mqm-static-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, content) in [
      "index.html": "<!doctype html>", "js/app.js": "export {}", "style.css": "body{}", "notes.md": "secret",
      ".hidden.html": "secret", ".git/config.json": "secret", "app.webmanifest": "{}",
    ] {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(content.utf8).write(to: file)
    }
    try body(folder)
  }

  private static func type(of response: HTTPResponse?) -> String? {
    response?.headers.first { $0.name == "Content-Type" }?.value
  }

  @Test func `Files have their type, and only those of a known type are served`() throws {
    try Self.withFolder { folder in
      let files = try StaticFiles(folder: folder.path)
      #expect(files.paths == ["/", "/app.webmanifest", "/index.html", "/js/app.js", "/style.css"])
      #expect(Self.type(of: files.response(path: "/")) == "text/html; charset=utf-8")
      #expect(Self.type(of: files.response(path: "/js/app.js")) == "text/javascript; charset=utf-8")
      #expect(Self.type(of: files.response(path: "/app.webmanifest")) == "application/manifest+json")
      #expect(files.response(path: "/style.css")?.body == Array("body{}".utf8))
    }
  }

  @Test(arguments: [
    "/notes.md", "/.hidden.html", "/.git/config.json", "/js", "/js/", "/../index.html", "//index.html", "",
  ])
  func `Nothing else is there`(path: String) throws {
    try Self.withFolder { folder in
      let files = try StaticFiles(folder: folder.path)
      #expect(files.response(path: path) == nil)
    }
  }

  @Test func `A folder that is not there is an error that names it`() {
    #expect(
      throws: TransportError.unreadable(
        setting: "folder of static files", path: "/nowhere", reason: "it is not a folder")
    ) { try StaticFiles(folder: "/nowhere") }
  }

  @Test func `A client that has the file gets 304, over a real connection`() throws {
    try Self.withFolder { folder in
      let files = try StaticFiles(folder: folder.path)
      let handler = TestHandler()
      handler.onExchange = { $0.respond(files.response(to: $0.request) ?? HTTPResponse(status: 404)) }
      try TestServer.run(handler) { server in
        let client = try TestClient(port: server.port)
        let first = try client.request("GET", "/")
        #expect(first.text == "<!doctype html>")
        #expect(first.headers["cache-control"] == "no-cache")
        let etag = try #require(first.headers["etag"])
        for condition in [etag, "W/\(etag)", "\"other\", \(etag)", "*"] {
          let again = try client.request("GET", "/index.html", headers: ["If-None-Match: \(condition)"])
          #expect(again.status == 304)
          #expect(again.body.isEmpty)
          #expect(again.headers["etag"] == etag)
          #expect(again.headers["content-security-policy"] != nil)
        }
        #expect(try client.request("GET", "/", headers: ["If-None-Match: \"other\""]).status == 200)
        #expect(try client.request("POST", "/", body: "").status == 404)
        #expect(try client.request("HEAD", "/").headers["content-length"] == "15")
      }
    }
  }
}
