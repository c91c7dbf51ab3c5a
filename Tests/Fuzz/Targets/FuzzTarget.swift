/// Something that must come to an end, whatever the bytes are that it is given, and hold what it promises about the
/// result. Stops the process where it does not.
struct FuzzTarget: Sendable {
  /// The name of its folder in the corpus, too.
  let name: String
  let run: @Sendable (UnsafeRawBufferPointer) -> Void

  static let all = [frames, http, messages, values, documents, records, routes, sessions]

  /// Stops with what is wrong, also where it is compiled with optimisation.
  static func check(_ holds: Bool, _ what: @autoclosure () -> String) {
    if !holds { fatalError(what()) }
  }
}
