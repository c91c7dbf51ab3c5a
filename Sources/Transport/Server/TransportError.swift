import Glibc

/// Why a server or an event loop could not start. The description says which setting is wrong and what to do.
public enum TransportError: Error, Equatable, CustomStringConvertible {
  /// The libwebsockets that was found at run time is too old to be safe.
  case libraryTooOld(found: String, needed: String)
  /// Another program (or another server of this one) listens there.
  case addressInUse(host: String, port: UInt16)
  /// The host is not an address of this machine.
  case addressNotAvailable(host: String)
  /// Ports below 1,024 need a privilege.
  case permissionDenied(host: String, port: UInt16)
  /// The host is neither an address nor a name that can be resolved.
  case unknownHost(host: String)
  /// A file or folder that a setting names cannot be read.
  case unreadable(setting: String, path: String, reason: String)
  /// The certificate and the key were read, but TLS would not have them.
  case certificateRefused(certificate: String, key: String, detail: String)
  /// libwebsockets would not start; `detail` is what it said.
  case libraryFailed(detail: String)
  /// A call to the operating system failed with `errno` `code`.
  case system(call: String, code: Int32)

  public var description: String {
    switch self {
    case .libraryTooOld(let found, let needed):
      "libwebsockets \(found) was found, but \(needed) or later is needed (CVE-2025-11677). "
        + "Run ./mqm build, which fetches it, and start the broker with ./mqm run."
    case .addressInUse(let host, let port):
      "Port \(port) of \(host) is in use. Stop the other program, or choose another port."
    case .addressNotAvailable(let host):
      "\(host) is not an address of this machine. Choose one of its own, 127.0.0.1, or 0.0.0.0 for all of them."
    case .permissionDenied(let host, let port):
      "Listening on port \(port) of \(host) is not allowed. Choose a port from 1024, or give the program the capability "
        + "CAP_NET_BIND_SERVICE."
    case .unknownHost(let host):
      "The host '\(host)' is unknown. Give an IP address, or a name that this machine can resolve."
    case .unreadable(let setting, let path, let reason):
      "The \(setting) '\(path)' cannot be read: \(reason). Check the path and its permissions."
    case .certificateRefused(let certificate, let key, let detail):
      "TLS cannot be used with the certificate '\(certificate)' and the key '\(key)'\(detail.isEmpty ? "" : ": \(detail)"). "
        + "Both must be PEM files, and the key must be that of the certificate."
    case .libraryFailed(let detail):
      "libwebsockets did not start\(detail.isEmpty ? "" : ": \(detail)")."
    case .system(let call, let code):
      "\(call) failed: \(errorText(code))."
    }
  }
}

/// The operating system's words for an `errno`.
func errorText(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 128)
  guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
  return buffer.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
}
