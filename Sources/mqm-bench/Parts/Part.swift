import BenchClient
import Foundation

/// One thing that the bench measures.
protocol Part {
  /// Of the whole part, in seconds more or less, for telling how much is left.
  func weight(_ scale: Scale) -> Double
  func measure(_ stage: Stage) throws -> Report.Section
}

/// A kind of server that is measured.
struct Kind {
  let name: String
  let start: (Stage) throws -> any RelayServer
  /// Seconds that it takes to set up each thousand connections, more or less.
  let setUp: Double

  static func all(alone: Bool) -> [Kind] {
    let own = [
      Kind(name: BrokerServer.name, start: { try $0.broker() }, setUp: 1.5),
      Kind(name: BareServer.name, start: { try BareServer($0.place) }, setUp: 0.1),
      Kind(name: SecureBrokerServer.name, start: { try SecureBrokerServer($0.place, $0.population()) }, setUp: 3),
    ]
    let others = [
      Kind(name: SpreedServer.name, start: { try SpreedServer($0.place) }, setUp: 0.5),
      Kind(name: NATSServer.name, start: { try NATSServer($0.place) }, setUp: 0.5),
    ]
    return alone ? own : own + others
  }

  /// In another order in each round: turned, and every other one backwards.
  static func inTurn(_ kinds: [Kind], _ round: Int) -> [Kind] {
    let turn = round % kinds.count
    let turned = Array(kinds[turn...] + kinds[..<turn])
    return round % 2 == 0 ? turned : turned.reversed()
  }
}

/// How much is measured.
struct Scale {
  var rounds: Int
  /// Of each measurement of a relay.
  var seconds: Double
  var connections: [Int]
  var idle: Int
  var practitioners: Int
  var patients: Int
  var claims: Int
  var consultations: Int

  static let full = Scale(
    rounds: 5, seconds: 1, connections: [100, 1_000, 9_000], idle: 5_000, practitioners: 1_000, patients: 1_000,
    claims: 1_500, consultations: 100_000)
  static let quick = Scale(
    rounds: 2, seconds: 0.1, connections: [10, 40], idle: 40, practitioners: 20, patients: 40, claims: 60,
    consultations: 200)
}

/// What the parts need.
final class Stage {
  let place: Place
  let scale: Scale
  let progress: Progress
  private var people: Population?

  init(place: Place, scale: Scale, progress: Progress) {
    self.place = place
    self.scale = scale
    self.progress = progress
  }

  /// People enough for every part; made when they are needed first.
  func population() throws -> Population {
    if let people { return people }
    let rooms = (scale.connections.max() ?? 0) / 2
    let practitioners = max(rooms, scale.practitioners)
    let patients = max(rooms, scale.idle, scale.patients)
    progress.step("making accounts for \(practitioners) practitioners and \(patients) patients", weight: 0)
    let made = try Population(practitioners: practitioners, patients: patients, place: place)
    people = made
    return made
  }

  func broker() throws -> BrokerServer { try BrokerServer(place, population()) }
}

/// JSON objects of an exact size, as browsers send them.
enum Payload {
  /// A gathered candidate (RFC 8839, section 5.1).
  static func candidate(_ bytes: Int) -> [UInt8] {
    let start =
      #"{"candidate":"candidate:842163049 1 udp 1677729535 192.0.2.7 49203 typ srflx raddr 10.0.0.7 rport 49203 "#
    let end = #"","sdpMid":"0","sdpMLineIndex":0}"#
    let filling = "generation 0 ufrag EsAw network-cost 999 "
    return fill(start, filling, end, bytes)
  }

  /// A session description (RFC 8866) in JSON, its line ends escaped.
  static func offer(_ bytes: Int) -> [UInt8] {
    let start =
      #"{"type":"offer","sdp":"v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n"#
    let filling =
      #"a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n"#
    return fill(start, filling, #"a=end\r\n"}"#, bytes)
  }

  private static func fill(_ start: String, _ filling: String, _ end: String, _ bytes: Int) -> [UInt8] {
    var text = Array(start.utf8)
    let room = bytes - end.utf8.count
    while text.count + filling.utf8.count <= room { text += filling.utf8 }
    // In the middle of an escape the text would not be JSON.
    text += [UInt8](repeating: UInt8(ascii: "x"), count: max(0, room - text.count))
    return text + end.utf8
  }
}
