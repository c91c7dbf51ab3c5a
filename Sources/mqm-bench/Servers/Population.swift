import Foundation

/// The people of a bench: made once through `mqm-broker account import`, and a data folder with nobody else in it.
struct Population {
  struct Person {
    let id: String
    let token: String
  }

  let practitioners: [Person]
  /// Adults. The first of them have the practitioner of the same number as attending physician.
  let patients: [Person]
  /// Copied for each broker.
  let data: URL

  init(practitioners: Int, patients: Int, place: Place) throws {
    data = try place.folder()
    var lines = ""
    for number in 0..<practitioners {
      lines += """
        {"email":"practitioner\(number)@bench.example","given_name":"Ève","family_name":"Praticienne \(number)",\
        "roles":["practitioner"],"consented":true,"practitioner":{"rpps":"\(Self.rpps(number))",\
        "specialty":"Médecine générale","sector":1,"verification":"verified"}}

        """
    }
    for number in 0..<patients {
      let attending = number < practitioners ? #","attending":"practitioner\#(number)@bench.example""# : ""
      lines += """
        {"email":"patient\(number)@bench.example","given_name":"Noé","family_name":"Adulte \(number)",\
        "roles":["patient"],"birth_date":"1985-05-17","consented":true\(attending)}

        """
    }
    let file = data.appending(path: "people.jsonl")
    try Data(lines.utf8).write(to: file)
    let legal = place.root.appending(path: "legal").path
    try command(place.broker, ["texts", "publish", "--data", data.path, "--legal", legal])
    let rows = try command(place.broker, ["account", "import", file.path, "--data", data.path, "--tokens"])
      .split(separator: "\n").compactMap { row -> Person? in
        let row = String(row)
        guard let id = row.value(of: "id"), let token = row.value(of: "token") else { return nil }
        return Person(id: id, token: token)
      }
    try FileManager.default.removeItem(at: file)
    guard rows.count == practitioners + patients else {
      throw BenchFailure("\(rows.count) accounts were imported, not \(practitioners + patients)")
    }
    self.practitioners = Array(rows[..<practitioners])
    self.patients = Array(rows[practitioners...])
  }

  /// Ten digits and the Luhn digit that makes them valid.
  private static func rpps(_ number: Int) -> String {
    let digits = String(1_000_000_000 + number)
    let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
      let value = digit.element.wholeNumberValue! * (digit.offset % 2 == 0 ? 2 : 1)
      return sum + value / 10 + value % 10
    }
    return digits + String((10 - sum % 10) % 10)
  }
}
