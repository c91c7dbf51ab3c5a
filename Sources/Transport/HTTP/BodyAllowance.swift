/// How much longer than usual the body of a request may be.
public struct BodyAllowance: Sendable {
  /// Takes the verdict, once, on any thread.
  public typealias Deliver = @Sendable (_ isGood: Bool) -> Void

  /// Bytes of the body, 1,048,576 at most.
  public let bytes: Int
  /// Finds out whether whoever sends it is who they say; nil if that is known.
  let prove: (@Sendable (_ deliver: @escaping Deliver) -> Void)?

  /// For somebody who is known.
  public init(bytes: Int) {
    self.bytes = bytes
    prove = nil
  }

  /// For somebody who says that they are known. Until that is found out the body has one of a few places for strangers,
  /// and if it is not so, the rest of it is not kept, and it gets 401.
  ///
  /// - Parameter prove: called on the loop's thread; must not wait.
  public init(bytes: Int, provenBy prove: @escaping @Sendable (_ deliver: @escaping Deliver) -> Void) {
    self.bytes = bytes
    self.prove = prove
  }
}
