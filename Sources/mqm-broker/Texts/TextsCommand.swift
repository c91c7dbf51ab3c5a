import ArgumentParser

/// `mqm-broker texts …`: what people agree to (CU-3).
struct TextsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "texts",
    abstract: "Publish and list the texts that people agree to.",
    discussion: """
      The terms of use and the text on personal data are files of a folder, terms/1.fr.md, terms/1.en.md, \
      privacy/1.fr.md and privacy/1.en.md, and so on. A version that was published stays as it is, to the letter; a \
      change is a new version, in both languages.

      Examples:
        mqm-broker texts publish
        mqm-broker texts list
      """,
    subcommands: [TextsPublish.self, TextsList.self])
}
