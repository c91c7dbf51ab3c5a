/// Who plays in the demonstration.
struct DemoCast {
  struct Member {
    let account: ImportedAccount
    let email: String
    let part: String
  }

  private(set) var members: [Member] = []
  private let consented: Bool

  /// - Parameter consented: whether they have agreed to the texts, which must be published then.
  init(now: Int64, consented: Bool) throws(AccountRefusal) {
    self.consented = consented
    try addPractitioners()
    try add(
      "Camille", "Durand", "patient, adult; her attending physician is Anne Martin", [.patient],
      born: CivilDate("1987-04-23"), attending: "anne.martin")
    try addFamily(minorBorn: CivilDate(inParisAt: now).moved(byYears: -12))
    try addProtectedAdult()
    try add("Ariane", "Roux", "operator", [.operator])
  }

  private mutating func addPractitioners() throws(AccountRefusal) {
    try add(
      "Anne", "Martin", "practitioner", [.practitioner],
      practitioner: .init(rpps: "10003456786", specialty: "Médecine générale", sector: .one))
    try add(
      "Hugo", "Bernard", "practitioner", [.practitioner],
      practitioner: .init(rpps: "10007654329", specialty: "Médecine générale", sector: .one))
  }

  private mutating func addFamily(minorBorn birthDate: CivilDate) throws(AccountRefusal) {
    try add(
      "Julie", "Petit", "parent of Léa, and a patient herself", [.guardian, .patient], born: CivilDate("1984-09-02"))
    try add("Marc", "Petit", "parent of Léa", [.guardian])
    try add(
      "Léa", "Petit", "patient, minor: a parent must be with her", [.patient], mailbox: "lea.petit", born: birthDate,
      guardians: [("julie.petit", .parent), ("marc.petit", .parent)])
  }

  private mutating func addProtectedAdult() throws(AccountRefusal) {
    try add("Claire", "Fabre", "tutor of Paul Moreau", [.guardian])
    try add(
      "Paul", "Moreau", "patient, protected adult: his tutor must be with him", [.patient],
      born: CivilDate("1951-02-11"), protection: .tutelle, guardians: [("claire.fabre", .tutor)])
  }

  private mutating func add(
    _ givenName: String, _ familyName: String, _ part: String, _ roles: Set<Role>, mailbox: String? = nil,
    born birthDate: CivilDate? = nil, protection: Protection = .none, attending: String? = nil,
    guardians: [(String, Relation)] = [], practitioner: NewAccount.Practitioner? = nil
  ) throws(AccountRefusal) {
    let email = DemoCast.email(mailbox ?? "\(givenName).\(familyName)")
    var links: [ImportedAccount.Guardian] = []
    for (guardian, relation) in guardians {
      links.append(.init(email: try EmailAddress(DemoCast.email(guardian)), relation: relation))
    }
    let account = ImportedAccount(
      line: members.count + 1,
      account: try NewAccount(
        givenName: givenName, familyName: familyName, email: email, password: DemoData.password, roles: roles,
        birthDate: birthDate, protection: protection, practitioner: practitioner),
      verification: practitioner == nil ? .pending : .verified,
      attending: try attending.map { mailbox throws(AccountRefusal) in try EmailAddress(DemoCast.email(mailbox)) },
      guardians: links, consented: consented)
    members.append(Member(account: account, email: email, part: part))
  }

  private static func email(_ mailbox: String) -> String {
    "\(mailbox.lowercased())@demo.example"
  }
}
