public import Transport

/// What the broker serves over HTTP beside the socket.
public struct HTTPSettings: Sendable {
  /// Origins of pages that may change something with their cookie; the same list as for the socket.
  public var allowedOrigins: Set<String>
  /// The web front; nil to serve none.
  public var files: StaticFiles?

  public init(allowedOrigins: [String], files: StaticFiles?) {
    self.allowedOrigins = Set(allowedOrigins)
    self.files = files
  }
}
