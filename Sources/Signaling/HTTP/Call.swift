import Accounts
import Foundation
import Rooms
import Transport

/// A request that was let in: who asks, and what for.
struct Call {
  let request: Request
  let body: [UInt8]
  /// The parameters of the path, in their order.
  let parameters: [String]
  /// Nil where anyone may ask.
  let caller: Caller?
  /// Milliseconds since 1970-01-01T00:00:00Z.
  let now: Int64

  /// Who asks, and by virtue of what.
  struct Caller {
    let session: Session
    let profile: Profile
  }

  var address: RemoteAddress { RemoteAddress(request.remoteAddress) }
  var device: String? { Device.name(userAgent: request[.userAgent]) }

  /// - Throws: 401 for a request that anyone may make.
  func account() throws -> AccountID { try known().profile.id }

  func known() throws -> Caller {
    guard let caller else { throw Problem(.notSignedIn) }
    return caller
  }

  /// A parameter of the path that is an account's id.
  ///
  /// - Throws: 404, as there is nothing under what is no id.
  func person(_ index: Int) throws -> AccountID {
    AccountID(try id(index))
  }

  func id(_ index: Int) throws -> UUID {
    guard parameters.indices.contains(index), let id = AccountID(parameters[index]) else { throw Problem.notFound }
    return id.uuid
  }

  /// Reads the body, which must be a JSON object.
  func read<Value>(_ decode: (JSONObject) throws -> Value) throws -> Value {
    let type = request[.contentType]?.split(separator: ";").first
    guard type?.lowercased().trimmingCharacters(in: .whitespaces) == "application/json" else {
      throw Problem.unsupportedMediaType
    }
    return try body.withUnsafeBytes { bytes in
      guard let object = try? JSONObject(bytes) else { throw Problem(.malformed) }
      return try decode(object)
    }
  }

  /// A parameter of the query.
  func query(_ name: String) -> String? {
    let prefix = name + "="
    let part = request.query?.split(separator: "&").first { $0.hasPrefix(prefix) }
    return part.map { String($0.dropFirst(prefix.count)).replacing("+", with: " ") }
  }
}
