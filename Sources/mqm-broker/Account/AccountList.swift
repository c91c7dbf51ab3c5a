import Accounts
import ArgumentParser

struct AccountList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List accounts, one a line.",
    discussion: """
      Examples:
        mqm-broker account list
        mqm-broker account list --role practitioner --json
      """)

  @OptionGroup var options: AccountOptions

  @Option(help: "Only accounts with this role.")
  var role: Role?

  @Flag(help: "One JSON object a line.")
  var json = false

  func run() async throws {
    try await options.withStore { store in
      var last: AccountID?
      var count = 0
      while case let page = try await store.page(role: role, after: last), let end = page.last {
        for profile in page {
          let listing = AccountListing(profile)
          print(json ? try jsonLine(listing) : listing.line)
        }
        count += page.count
        last = end.id
      }
      if count == 0 { tell("there are no such accounts; create one: mqm-broker account add --help") }
    }
  }
}
