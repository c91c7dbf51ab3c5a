import BenchClient
import Foundation

/// MQM Broker itself, with rooms for adults: connection 2n is a patient, 2n+1 the practitioner in their room.
class BrokerServer: RelayServer {
  class var name: String { "mqm-broker" }
  class var isSecure: Bool { false }
  static let dialect = BENCH_MQM
  let process: ServerProcess
  private let port: UInt16
  let population: Population
  private var nextID = 1
  private var rooms: [(id: String, negotiation: String)] = []

  /// What is not as it is by default, and said with the results: one client sends more than a patient ever would, and
  /// thousands of clients are connected before the first says hello. The rest is as delivered.
  static let settings = [
    "--limits-messages-per-second", "1000000", "--limits-burst", "1000000", "--limits-bytes-per-second", "1073741824",
    "--limits-address-connections", "100000", "--limits-half-open", "100000", "--limits-address-sockets", "100000",
    "--metrics-port", "0", "--time-hello", "300", "--time-hang-up", "900",
  ]

  init(_ place: Place, _ population: Population) throws {
    self.population = population
    let data = place.scratch.appending(path: UUID().uuidString)
    try FileManager.default.copyItem(at: population.data, to: data)
    process = try Self.start(place, data: data)
    port = try Self.port(of: process)
  }

  static func start(_ place: Place, data: URL) throws -> ServerProcess {
    let legal = place.root.appending(path: "legal").path
    let arguments = ["run", "--data", data.path, "--web", "", "--legal", legal, "--port", "0"] + settings
    return try ServerProcess(
      place.broker, arguments + (isSecure ? ["--tls-development"] : []), in: place.folder(), core: place.serverCore)
  }

  static func port(of process: ServerProcess) throws -> UInt16 {
    guard let port = UInt16(try process.wait(for: "listening on http\(isSecure ? "s" : "")://127.0.0.1:")) else {
      throw BenchFailure("no port")
    }
    return port
  }

  // MARK: Relaying

  func signIn(_ count: Int, _ sockets: Sockets) throws {
    let first = sockets.count
    try signIn(
      (first..<first + count).map { $0 % 2 == 0 ? population.patients[$0 / 2] : population.practitioners[$0 / 2] },
      sockets)
  }

  func pairUp(_ sockets: Sockets) throws {
    let patients = Array(stride(from: 0, to: sockets.count, by: 2))
    let practitioners = patients.map { $0 + 1 }
    // To the attending physician: put before everybody, each request would be told to thousands of practitioners.
    let requests = try request("request.create", from: patients, sockets) {
      Self.request(for: population.patients[$0 / 2], "attending")
    }
    let ids = try requests.map { try Self.consultation(in: $0) }
    let consultation = { (connection: Int) in #"{"consultation":"\#(ids[connection / 2])"}"# }
    _ = try request("request.claim", from: practitioners, sockets, body: consultation)
    _ = try request("room.open", from: practitioners, sockets, body: consultation)
    _ = try request("room.join", from: practitioners, sockets) { #"{"room":"\#(ids[$0 / 2])","as":"practitioner"}"# }
    let joined = try request("room.join", from: patients, sockets) { #"{"room":"\#(ids[$0 / 2])","as":"patient"}"# }
    rooms = try zip(ids, joined).map { id, reply in
      guard let start = reply.range(of: #""negotiation":"#)?.upperBound else { throw BenchFailure("no peer: \(reply)") }
      return (id, String(reply[start...].prefix { $0.isNumber }))
    }
    // The practitioners have heard of their peers when this is answered.
    _ = try request("ping", from: practitioners, sockets) { _ in "{}" }
  }

  func message(from connection: Int, payload: [UInt8]) -> Message {
    let room = rooms[connection / 2]
    let to = connection % 2 == 0 ? "practitioner" : "patient"
    let kind = payload.starts(with: #"{"candidate""#.utf8) ? "candidate" : "offer"
    let head = """
      {"type":"signal","room":"\(room.id)","to":"\(to)","kind":"\(kind)","negotiation":\(room.negotiation),"data":
      """
    return Message(opcode: 1, bytes: Array(head.utf8) + payload + Array("}".utf8))
  }

  // MARK: Requests

  func signIn(_ people: [Population.Person], _ sockets: Sockets) throws {
    let first = sockets.count
    for _ in people { try sockets.connect(port: port, path: "/v1/ws", subprotocol: "mqm.v1", isSecure: Self.isSecure) }
    // A crowd that comes at once is told to come later.
    let connections = first..<first + people.count
    for start in stride(from: connections.lowerBound, to: connections.upperBound, by: Self.crowd) {
      _ = try request("hello", from: Array(start..<min(start + Self.crowd, connections.upperBound)), sockets) {
        #"{"token":"\#(people[$0 - first].token)"}"#
      }
    }
  }

  /// Newcomers at a time.
  private static let crowd = 250

  /// Sends a request on each of the connections at once, and waits for all the answers.
  ///
  /// - Returns: the answers in the order of the connections.
  func request(
    _ type: String, from connections: [Int], _ sockets: Sockets, body: (Int) throws -> String
  ) throws -> [String] {
    let id = nextID
    nextID += 1
    for connection in connections {
      try sockets.send(connection, Self.request(type, id: id, body: try body(connection)))
    }
    let start = Array(#"{"re":\#(id),"#.utf8)
    var answers: [Int: String] = [:]
    answers.reserveCapacity(connections.count)
    try sockets.receive("the answers to \(type)", until: answers.count == connections.count) { connection, bytes in
      if bytes.starts(with: start) { answers[connection] = String(decoding: bytes, as: UTF8.self) }
    }
    return try connections.map { connection in
      guard let answer = answers[connection], answer.contains(#","ok":true,"#) else {
        throw BenchFailure("\(type) was answered with \(answers[connection] ?? "nothing")")
      }
      return answer
    }
  }

  /// The body of `request.create`.
  static func request(for patient: Population.Person, _ assignment: String) -> String {
    #"{"patient":"\#(patient.id)","assignment":"\#(assignment)","reason":"Fièvre","payment":"carte_bancaire"}"#
  }

  static func request(_ type: String, id: Int, body: String) -> Message {
    let key = type.hasPrefix("request.") || type == "room.open" || type.hasPrefix("consultation.")
    let named = key ? #","key":"\#(UUID().uuidString.lowercased())""# : ""
    return .text(#"{"id":\#(id),"type":"\#(type)"\#(named),"body":\#(body)}"#)
  }

  static func consultation(in reply: String) throws -> String {
    guard let start = reply.range(of: #""consultation":"#)?.upperBound, let id = String(reply[start...]).value(of: "id")
    else { throw BenchFailure("no consultation in \(reply)") }
    return id
  }
}

/// The same with TLS.
final class SecureBrokerServer: BrokerServer {
  override class var name: String { "mqm-broker, TLS" }
  override class var isSecure: Bool { true }
}
