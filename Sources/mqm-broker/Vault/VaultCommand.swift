import ArgumentParser

/// `mqm-broker vault …`: the master key, under which every data key is wrapped.
struct VaultCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vault",
    abstract: "Show and rotate the master key.",
    discussion: """
      The broker may be running, and goes on meanwhile. What is said here about keys never shows a key: a master key goes \
      by its name, which is 16 digits of a hash. docs/backup.md explains it all.

      EXAMPLES
        mqm-broker vault show
        mqm-broker vault rotate
        mqm-broker vault rewrap --master-key-command 'key-store get mqm'
      """,
    subcommands: [VaultShow.self, VaultRotate.self, VaultRewrap.self])
}
