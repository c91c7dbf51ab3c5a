/// A response's body that is fetched piece by piece while it is sent, so that no more than a piece of it is in memory.
public final class HTTPBodyStream: Sendable, Equatable {
  /// Takes the piece that was asked for, on any thread: at least one byte, at most to the end. Nil if it cannot be had:
  /// then the connection ends, and the client sees that something is missing.
  public typealias Deliver = @Sendable (_ piece: [UInt8]?) -> Void

  /// Bytes in all, as announced to the client.
  public let count: Int
  let fetch: @Sendable (_ offset: Int, _ deliver: @escaping Deliver) -> Void

  /// - Parameter fetch: called on the loop's thread, each time that the piece before was sent; must not wait.
  public init(count: Int, fetch: @escaping @Sendable (_ offset: Int, _ deliver: @escaping Deliver) -> Void) {
    self.count = count
    self.fetch = fetch
  }

  /// Whether both are the same one.
  public static func == (one: HTTPBodyStream, other: HTTPBodyStream) -> Bool { one === other }
}
