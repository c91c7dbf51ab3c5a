/// Something that is not as the record says that it was.
public enum RecordFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no entry of that index, though there are later ones.
  case missing(entry: Int)
  /// Its bytes are not an entry.
  case unreadable(entry: Int)
  /// It says that it is another.
  case outOfPlace(entry: Int)
  case chain(entry: Int)
  case nodes(entry: Int)
  /// It does not follow its consultation's previous entry.
  case consultation(entry: Int)
  /// What it says cannot have happened then.
  case impossible(entry: Int)
  case noTip
  case tip(why: String)
  case head(number: Int, why: String)
  case exported(line: Int, why: String)
  /// Lines are missing that were exported.
  case notExported(count: Int, first: String)
  /// A consultation's row, or its documents, are not what the entries say.
  case row(consultation: String)
  /// SQLite finds the file's pages, rows or indexes not to be whole.
  case database(why: String)
  /// The file is no record, or is damaged beyond reading.
  case file(why: String)

  public var description: String {
    switch self {
    case .missing(let entry): "entry \(entry) is missing"
    case .unreadable(let entry): "entry \(entry) is not readable: its text was changed"
    case .outOfPlace(let entry): "entry \(entry) says that it is another one"
    case .chain(let entry): "the chain breaks at entry \(entry): it, or one before it, was changed"
    case .nodes(let entry): "the tree's nodes beside entry \(entry) do not follow from the entries"
    case .consultation(let entry): "entry \(entry) does not follow the previous entry of its consultation"
    case .impossible(let entry): "what entry \(entry) says cannot have happened then"
    case .noTip: "there is no signed tip"
    case .tip(let why): "the signed tip is wrong: \(why)"
    case .head(let number, let why): "head \(number) is wrong: \(why)"
    case .exported(let line, let why): "line \(line) of the exported heads: \(why)"
    case .notExported(let count, let first):
      "the exported heads lack \(count) that were exported, the first is \(first)"
    case .row(let consultation): "what the tables say of consultation \(consultation) is not what its entries say"
    case .database(let why): "the database is damaged: \(why)"
    case .file(let why): "the record cannot be read: \(why)"
    }
  }
}
