import Accounts
import ArgumentParser

struct TextsPublish: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "Publish the versions that are new in the folder.",
    discussion: """
      From then on everybody is asked to agree before anything else works, in open connections too, and whoever agreed \
      to an older version gets an e-mail. The broker may be running; it does the same when it starts. Publishing the \
      same files again changes nothing, and a file that was published and has other words now is refused.

      Examples:
        mqm-broker texts publish
        mqm-broker texts publish --data .data --legal legal
      """)

  @OptionGroup var options: AccountOptions

  @Option(help: ArgumentHelp("Folder of the texts.", valueName: "folder"))
  var legal = "legal"

  func run() async throws {
    try await options.withStore { store in
      let texts = try LegalFolder(path: legal).texts()
      let count = try await store.publish(texts, by: .commandLine, now: currentMilliseconds())
      tell(count == 0 ? "nothing is new" : "published; \(count) versions are new")
    }
  }
}
