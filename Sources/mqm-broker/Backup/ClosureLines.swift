import Accounts
import Foundation
import Rooms

/// What was closed and who was erased, as the record's exported lines tell (docs/record.md): what a restored backup must
/// not bring back.
struct ClosureLines {
  private(set) var closed: Set<ConsultationID> = []
  private(set) var erased: Set<AccountID> = []

  private struct Line: Decodable {
    let closed: String?
    let erased: String?
  }

  /// Lines of other kinds are passed over, and so is a last line that was being written when its writer was killed.
  ///
  /// - Throws: ``BackupFailure`` for a file that cannot be read, and for a line about a closure that cannot.
  init(reading file: URL) throws {
    guard let data = try? Data(contentsOf: file, options: .mappedIfSafe) else {
      throw BackupFailure("The closures '\(file.path)' cannot be read; is the name right?")
    }
    var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // After the last line's end there is nothing; a line without an end was not finished.
    if !lines.isEmpty { lines.removeLast() }
    for (index, line) in lines.enumerated() {
      guard line.starts(with: Data(#"{"closed""#.utf8)) || line.starts(with: Data(#"{"erased""#.utf8)) else { continue }
      let read = try? JSONDecoder().decode(Line.self, from: Data(line))
      if let id = read?.closed.flatMap({ ConsultationID($0) }) {
        closed.insert(id)
      } else if let id = read?.erased.flatMap({ AccountID($0) }) {
        erased.insert(id)
      } else {
        throw BackupFailure("Line \(index + 1) of '\(file.path)' cannot be read; use an undamaged copy of the file.")
      }
    }
  }
}
