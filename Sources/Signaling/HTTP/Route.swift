import Transport

/// One thing that can be asked over HTTP (docs/openapi.yaml).
struct Route {
  /// Who may ask.
  enum Access {
    case anyone
    /// Whoever is signed in, also before they agreed to the texts in force (CU-3).
    case signedIn
    /// Whoever is signed in and agreed to the texts in force.
    case consented
    /// An operator whose session has a second factor behind it.
    case `operator`
  }

  typealias Handler = @Sendable (isolated Broker, Call) async throws -> HTTPResponse

  let method: String
  /// With `{}` for each part that is a parameter.
  let path: String
  let access: Access
  let handle: Handler
  /// Whether its answers are long, and few of them at a time are for one account.
  let isLong: Bool
  private let segments: [String]

  init(
    _ method: String, _ path: String, _ access: Access, isLong: Bool = false, _ handle: @escaping Handler
  ) {
    self.isLong = isLong
    self.method = method
    self.path = path
    self.access = access
    self.handle = handle
    segments = path.split(separator: "/").map(String.init)
  }

  /// The parameters of a path that fits; nil if it does not.
  func parameters(of path: [Substring]) -> [String]? {
    guard path.count == segments.count else { return nil }
    var parameters: [String] = []
    for (wanted, found) in zip(segments, path) {
      if wanted == "{}" {
        parameters.append(String(found))
      } else if wanted != found {
        return nil
      }
    }
    return parameters
  }

  /// Whether it only looks.
  var isReading: Bool { method == "GET" }
}
