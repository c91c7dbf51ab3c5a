import Foundation

/// A self-signed certificate for this machine, for development: browsers warn of it, rightly.
struct DevelopmentCertificate {
  let certificate: String
  let key: String

  struct Failure: Error, CustomStringConvertible {
    let detail: String
    var description: String {
      "The development certificate could not be made: \(detail) "
        + "The openssl command is needed for it (Debian: apt-get install openssl)."
    }
  }

  /// Uses the one that is in the folder, or makes one that is good for 90 days.
  init(in folder: URL, host: String) throws {
    certificate = folder.appendingPathComponent("development-certificate.pem").path
    key = folder.appendingPathComponent("development-key.pem").path
    guard !FileManager.default.fileExists(atPath: certificate) else { return }

    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let isAddress = host.allSatisfy { $0.isHexDigit || $0 == "." || $0 == ":" }
    let alternatives = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1,\(isAddress ? "IP" : "DNS"):\(host)"
    process.arguments = [
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90",
      "-subj", "/CN=MQM Broker development", "-addext", alternatives, "-keyout", key, "-out", certificate,
    ]
    let output = Pipe()
    process.standardError = output
    process.standardOutput = output
    do { try process.run() } catch { throw Failure(detail: error.localizedDescription) }
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(detail: String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
  }
}
