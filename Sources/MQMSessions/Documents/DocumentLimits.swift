/// How much the practitioners may hand over.
public struct DocumentLimits: Sendable {
  /// Bytes of a document.
  public var bytes = 10_485_760
  /// Documents that may be on their way at the same time, for a consultation as well as for an account.
  public var count = 20

  /// Bytes that come with one request at the most.
  public static let chunkBytes = 262_144
  /// Bytes of a chunk that is not the last one, at least.
  public static let minimumChunkBytes = 16_384
  /// Bytes that are read at once at the most.
  public static let readBytes = 1_048_576
  /// How long a document that nobody goes on with is kept before it was handed over.
  public static let stagingMilliseconds: Int64 = 24 * 3_600_000

  public init() {}
}
