import Transport

extension Server {
  /// A server with a loop of its own, for as long as the process lives.
  static func running(
    _ handler: any ServerHandler, _ configuration: ServerConfiguration = ServerConfiguration()
  ) -> Server {
    do {
      return try Server(configuration: configuration, handler: handler, loop: EventLoop())
    } catch {
      fatalError("no server: \(error)")
    }
  }
}
