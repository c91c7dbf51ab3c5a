import Foundation
import Rooms

/// An invented person with an account at the broker.
public struct CastMember: Sendable, Equatable {
  public enum Part: String, Sendable, CaseIterable {
    case practitioner, adult, parent, child
  }

  public let part: Part
  /// Counts those of the same part; a child and its parent have the same.
  public let number: Int
  public let id: String
  let token: String
}

/// The people of a run: made as lines for `mqm-broker account import`, read back with their tokens.
public struct Cast: Sendable {
  public let practitioners: [CastMember]
  public let adults: [CastMember]
  /// Each child with a parent.
  public let families: [(parent: CastMember, child: CastMember)]

  public enum Failure: Error, Equatable, CustomStringConvertible {
    case unreadable(line: Int)
    case incomplete(String)

    public var description: String {
      switch self {
      case .unreadable(let line):
        "Line \(line) of the people is not what `mqm-broker account import - --tokens` prints for `mqm-load people`."
      case .incomplete(let what): "Among the people there is \(what). Make more with `mqm-load people`."
      }
    }
  }

  /// How many of each.
  public struct Size: Sendable, Equatable {
    public var practitioners: Int
    public var adults: Int
    public var families: Int

    public init(practitioners: Int, adults: Int, families: Int) {
      self.practitioners = practitioners
      self.adults = adults
      self.families = families
    }
  }

  /// The lines that make these people: parents before their children, everybody having agreed to the texts.
  public static func importLines(_ size: Size) -> [String] {
    var lines: [String] = []
    for number in 1...max(1, size.practitioners) {
      lines.append(
        line(.practitioner, number, "practitioner", "Charge \(number)", "Ève")
          + #","practitioner":{"rpps":"\#(rpps(number))","specialty":"Médecine générale","sector":1,"verification":"verified"}}"#
      )
    }
    for number in 1...max(1, size.adults) {
      lines.append(line(.adult, number, "patient", "Charge \(number)", "Noé") + #","birth_date":"1985-05-17"}"#)
    }
    for number in 0..<size.families {
      lines.append(line(.parent, number + 1, "guardian", "Charge \(number + 1)", "Ondine") + "}")
      lines.append(
        line(.child, number + 1, "patient", "Charge \(number + 1)", "Léa")
          + #","birth_date":"2018-09-30","guardians":[{"email":"\#(email(.parent, number + 1))","relation":"parent"}]}"#
      )
    }
    return lines
  }

  private static func line(
    _ part: CastMember.Part, _ number: Int, _ role: String, _ familyName: String, _ givenName: String
  ) -> String {
    #"{"email":"\#(email(part, number))","given_name":"\#(givenName)","family_name":"\#(familyName)","roles":["\#(role)"],"consented":true"#
  }

  static func email(_ part: CastMember.Part, _ number: Int) -> String { "\(part.rawValue)-\(number)@load.example" }

  /// A number of ten digits and the Luhn digit that makes it valid.
  static func rpps(_ number: Int) -> String {
    let digits = String(2_000_000_000 + number)
    let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
      let value = digit.element.wholeNumberValue ?? 0
      guard digit.offset % 2 == 0 else { return sum + value }
      return sum + value * 2 / 10 + value * 2 % 10
    }
    return digits + String((10 - sum % 10) % 10)
  }

  /// Reads what `mqm-broker account import - --tokens` printed.
  public init(importOutput: Data) throws {
    struct Line: Decodable {
      let id: String
      let email: String
      let token: String
    }
    let decoder = JSONDecoder()
    var members: [CastMember.Part: [Int: CastMember]] = [:]
    for (index, line) in importOutput.split(separator: UInt8(ascii: "\n")).enumerated() {
      guard let row = try? decoder.decode(Line.self, from: Data(line)) else {
        throw Failure.unreadable(line: index + 1)
      }
      let name = row.email.prefix { $0 != "@" }.split(separator: "-")
      // Others may have been imported at the same time.
      guard row.email.hasSuffix("@load.example"), name.count == 2,
        let part = CastMember.Part(rawValue: String(name[0])),
        let number = Int(name[1])
      else { continue }
      members[part, default: [:]][number] = CastMember(part: part, number: number, id: row.id, token: row.token)
    }
    let sorted = { (part: CastMember.Part) in (members[part] ?? [:]).values.sorted { $0.number < $1.number } }
    practitioners = sorted(.practitioner)
    adults = sorted(.adult)
    families = sorted(.child).compactMap { child in members[.parent]?[child.number].map { ($0, child) } }
    guard !practitioners.isEmpty else { throw Failure.incomplete("no practitioner") }
    guard !adults.isEmpty else { throw Failure.incomplete("no adult patient") }
  }

  public var size: Size { Size(practitioners: practitioners.count, adults: adults.count, families: families.count) }
}
