/// Why a server could not be used, in words that say what to do.
public enum CheckFailure: Error, Equatable, Sendable {
  case notResolved(host: String, why: String)
  case noRoute(why: String)
  case refused
  case noAnswer(step: CheckStep, seconds: Int)
  case closed(step: CheckStep)
  case certificate(why: String)
  case notTLS(why: String)
  case notSTUN
  case noChallenge
  case wrongCredentials
  case answer(step: CheckStep, code: Int, reason: String)
  /// The allocation works, and so it does after its secret was taken away.
  case stillAllowed(seconds: Int)
}

/// What is done with a server, in this order.
public enum CheckStep: String, Sendable {
  case resolve, connect
  case tls = "TLS"
  case binding, allocation, release
}

extension CheckFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notResolved(let host, let why):
      "the name \(host) is not known (\(why)); correct it, or its entry in the DNS"
    case .noRoute(let why):
      "no way there (\(why)); the network, or a firewall on the way, does not let this through"
    case .refused:
      "refused: nothing listens on that port there; start the TURN server, or correct the port (coturn: listening-port, tls-listening-port)"
    case .noAnswer(let step, let seconds):
      """
      no answer within \(seconds) s (\(step.rawValue)); a firewall may swallow it, or the server does not listen with this \
      transport (coturn: no-udp, no-tcp, no-tls)
      """
    case .closed(let step):
      "closed by the server (\(step.rawValue)); this may be another kind of server, or one that speaks TLS on this port only"
    case .certificate(let why):
      """
      its certificate does not hold: \(why); browsers will not use it either. It needs one for this name from an authority \
      that browsers know, with the intermediate ones (coturn: cert, pkey)
      """
    case .notTLS(let why): "no TLS there: \(why); use turn: in place of turns:, or correct the port"
    case .notSTUN: "what answers there does not speak STUN; correct host and port"
    case .noChallenge:
      "allocations are given without credentials, or the 401 has no realm; set use-auth-secret (coturn), or anybody can use it"
    case .wrongCredentials:
      """
      401: the server does not know the secret, or its clock is wrong; set the same secret at both \
      (coturn: use-auth-secret and static-auth-secret, or its table turn_secret under the same realm), and compare the clocks
      """
    case .answer(let step, let code, let reason): Self.explain(step, code, reason)
    case .stillAllowed(let seconds):
      """
      credentials were good for a new allocation \(seconds) s after their secret was removed; the command of \
      'ice.turn-database-command' does not reach the database that this server reads, or the server has another secret, too
      """
    }
  }

  /// RFC 8489, section 14.8, and RFC 8656, section 19.
  private static func explain(_ step: CheckStep, _ code: Int, _ reason: String) -> String {
    let advice =
      switch code {
      case 300: "the server sends everybody to another one; name that one"
      case 400: "the server does not understand the request"
      case 403: "the server forbids it; look at its rules for addresses and users"
      case 437: "the server takes this for an older allocation; try again in a minute"
      case 441: "the server has other credentials for this"
      case 442: "the server does not relay over UDP; switch that on (coturn: remove no-udp-relay)"
      case 486: "quota: this user has too many allocations; raise it (coturn: user-quota, which should be 60 at least)"
      case 508: "the server has no capacity left; raise its limits (coturn: total-quota, min-port, max-port)"
      default: "look into the server's log"
      }
    let said = reason.filter { $0.isASCII && !$0.isNewline }.prefix(60)
    return "\(code)\(said.isEmpty ? "" : " \(said)") (\(step.rawValue)): \(advice)"
  }
}
