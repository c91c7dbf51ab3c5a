import Accounts
import ArgumentParser
import Foundation
import Mail

struct TextsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the texts in force, with the SHA-256 of their exact bytes.",
    discussion: """
      Example:
        mqm-broker texts list
      """)

  @OptionGroup var options: AccountOptions

  func run() async throws {
    try await options.withStore { store in
      let texts = try await store.currentTexts()
      for text in texts {
        let published = Date(timeIntervalSince1970: Double(text.publishedAt) / 1000).formatted(.iso8601)
        let hash = text.sha256.map { String(format: "%02x", $0) }.joined()
        print("\(text.document.rawValue) \(text.version) \(text.language.rawValue)  \(published)  \(hash)")
      }
      if texts.isEmpty { tell("nothing was published; do it with: mqm-broker texts publish") }
    }
  }
}
