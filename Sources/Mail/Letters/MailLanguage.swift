/// In which language a letter is written.
public enum MailLanguage: String, Codable, Sendable, CaseIterable {
  case fr
  case en
}
