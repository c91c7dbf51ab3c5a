/// The people of `./mqm run --demo`: everyone that the rules of clause 6.3 tell apart. None of them exists.
public enum DemoData {
  /// The password of all of them.
  public static let password = "demonstration-2026"

  /// A hash protects a secret, and the password above is none: a cheap one lets a demonstration begin at once.
  static let cost = ScryptCost(rounds: 1 << 12, blockSize: 8, parallelism: 1)

  /// Somebody to sign in as.
  public struct Person: Hashable, Sendable {
    public let account: AccountID
    public let givenName: String
    public let familyName: String
    public let email: String
    public let roles: Set<Role>
    /// What a person should know of them: `parent of Léa`.
    public let part: String
    /// What the person signs in with beside the password, each once: an operator's recovery codes.
    public let codes: [String]
  }

  /// Creates whoever is missing, in one transaction, and makes a new second factor for the operator, as its codes are
  /// told only once. Running it again changes nothing else.
  ///
  /// - Parameter now: milliseconds since 1970-01-01T00:00:00Z; the minor is 12 years old on that day.
  /// - Returns: all of them, in the order in which they are to be presented.
  public static func seed(into store: AccountStore, now: Int64) async throws(AccountRefusal) -> [Person] {
    let hasTexts = try await !store.currentTexts().isEmpty
    let cast = try DemoCast(now: now, consented: hasTexts).members
    var missing: [ImportedAccount] = []
    for member in cast where try await store.profile(email: member.email) == nil {
      missing.append(member.account)
    }
    _ = try await store.importAccounts(
      missing, withTokens: false, cost: cost, by: .commandLine, now: now, progress: { _ in })
    var people: [Person] = []
    for member in cast {
      guard let profile = try await store.profile(email: member.email) else { throw .unknownAccount }
      let codes =
        profile.roles.contains(.operator)
        ? try await store.setSecondFactor(of: profile.id, by: .commandLine, now: now).recoveryCodes : []
      people.append(
        Person(
          account: profile.id, givenName: profile.givenName, familyName: profile.familyName, email: member.email,
          roles: profile.roles, part: member.part, codes: codes))
    }
    return people
  }
}
