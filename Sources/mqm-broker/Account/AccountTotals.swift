import Accounts
import ArgumentParser

struct AccountTotals: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "counts",
    abstract: "Count accounts, practitioners, and what waits.",
    discussion: """
      Example:
        mqm-broker account counts
      """)

  @OptionGroup var options: AccountOptions

  func run() async throws {
    try await options.withStore { store in
      let counts = try await store.counts(now: currentMilliseconds())
      let practitioners = Verification.allCases.map {
        ("practitioners \($0.rawValue)", counts.practitioners[$0, default: 0])
      }
      let rows =
        [
          ("accounts", counts.accounts), ("patients", counts.patients), ("guardians", counts.guardians),
          ("operators", counts.operators), ("closed", counts.closed),
        ] + practitioners + [
          ("registrations to confirm", counts.registrationsOpen), ("invitations open", counts.invitationsOpen),
          ("e-mails waiting", counts.mailWaiting),
        ]
      for (name, count) in rows { print("\(count)\t\(name)") }
    }
  }
}
