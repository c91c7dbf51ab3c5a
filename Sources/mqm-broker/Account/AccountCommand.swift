import ArgumentParser

/// `mqm-broker account …`: what an operator does with people's accounts.
struct AccountCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account",
    abstract: "Create, verify and look after accounts.",
    discussion: """
      WHO is an e-mail address or the id of an account. Everything that changes something is recorded, with --ground \
      where a reason is asked for; name no patient in it. The broker may be running meanwhile.

      Examples:
        mqm-broker account add --role patient --birth-date 1987-04-23 \\
          --given-name Camille --family-name Durand --email camille@example.org
        mqm-broker account add --role practitioner --rpps 10003456786 \\
          --specialty 'Médecine générale' --email anne@example.org \\
          --given-name Anne --family-name Martin
        mqm-broker account verify anne@example.org --ground 'Register checked'
        mqm-broker account link --relation parent \\
          --patient lea@example.org --guardian julie@example.org
        mqm-broker account import people.jsonl --tokens > tokens.jsonl

      Exit codes: 0 done, 1 refused, 64 wrong usage, 65 wrong data, 67 no such account, 69 the database cannot be used.
      """,
    subcommands: [
      AccountAdd.self, AccountList.self, AccountShow.self, AccountVerify.self, AccountRefuse.self, AccountSuspend.self,
      AccountReinstate.self, AccountLink.self, AccountUnlink.self, AccountAttending.self, AccountPassword.self,
      AccountSecondFactor.self, AccountToken.self, AccountSignOut.self, AccountImport.self, AccountAudit.self,
      AccountTotals.self,
    ])
}
