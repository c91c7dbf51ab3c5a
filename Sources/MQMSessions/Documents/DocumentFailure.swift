/// Why something could not be done with a document's content.
public enum DocumentFailure: Error, Equatable {
  /// It is not there, or somebody else's.
  case unknownDocument
  /// As many as are allowed are on their way.
  case tooManyDocuments
  /// The key stands for another document.
  case keyReused
  /// The bytes do not follow those that are there.
  case wrongOffset(received: Int)
  /// The bytes are no chunk: too many, too few, or beyond the document's end.
  case invalidChunk
  /// The whole is not of the type that was named; what there was of it is gone.
  case contentMismatch
  /// The consultation's key is destroyed, and with it all that was sealed (CU-5.2).
  case consultationClosed
  /// What is stored is not what this program wrote.
  case damaged
}
