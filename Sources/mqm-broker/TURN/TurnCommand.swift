import ArgumentParser

/// `mqm-broker turn …`
struct TurnCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "turn",
    abstract: "Find out whether the STUN and TURN servers work.",
    discussion: """
      docs/turn.md says how a coturn is set up for this broker.

      EXAMPLE
        mqm-broker turn check --config broker.json
      """,
    subcommands: [TurnCheck.self])
}
