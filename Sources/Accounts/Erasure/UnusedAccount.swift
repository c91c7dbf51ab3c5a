/// An account that was not used for long (CU-4.4). Days are those in France.
struct UnusedAccount: Sendable {
  /// Between the letter and the end, in days.
  static let notice = 30

  let id: AccountID
  /// Milliseconds since 1970-01-01T00:00:00Z.
  let lastUsedAt: Int64
  /// When the letter was delivered or given up, in milliseconds since 1970-01-01T00:00:00Z.
  let toldAt: Int64?
  /// A letter is queued, and has not arrived yet.
  let letterWaits: Bool

  /// 24 calendar months after the day of the last use, though not before 30 days after the letter.
  func closes(toldOn day: CivilDate) -> CivilDate {
    max(CivilDate(inParisAt: lastUsedAt).moved(byYears: 2), day.moved(byDays: UnusedAccount.notice))
  }

  /// Whether the letter has to go out.
  func isToBeTold(on today: CivilDate) -> Bool {
    let end = CivilDate(inParisAt: lastUsedAt).moved(byYears: 2)
    return toldAt == nil && !letterWaits && end.moved(byDays: -UnusedAccount.notice) <= today
  }

  func isToBeErased(on today: CivilDate) -> Bool {
    guard let toldAt else { return false }
    return closes(toldOn: CivilDate(inParisAt: toldAt)) <= today
  }
}
