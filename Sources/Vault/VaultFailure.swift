/// Why something cannot be sealed or opened. Says what to do next, and nothing of what is sealed.
public enum VaultFailure: Error, Equatable {
  /// No key can be had from where the keys are.
  case noKey(why: String)
  /// The data is sealed under a key that is not among those at hand, or it was changed.
  case wrongKey
  /// A file of keys cannot be written.
  case cannotWrite(why: String)
}

extension VaultFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noKey(let why), .cannotWrite(let why): why
    case .wrongKey: "sealed data cannot be opened: is this the right master key?"
    }
  }
}
