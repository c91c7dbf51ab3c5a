import Rooms
import Testing

struct MomentTests {
  private static let leapling = CivilDate(year: 2008, month: 2, day: 29)
  private static let may = CivilDate(year: 2008, month: 5, day: 20)

  @Test(
    "Age in whole years is judged by the calendar (CU-6.3)",
    arguments: [
      (may, CivilDate(year: 2026, month: 5, day: 19), 17),
      (may, CivilDate(year: 2026, month: 5, day: 20), 18),
      (may, CivilDate(year: 2026, month: 4, day: 30), 17),
      (may, CivilDate(year: 2026, month: 6, day: 1), 18),
      (may, may, 0),
      (may, CivilDate(year: 2008, month: 5, day: 19), 0),
      (may, CivilDate(year: 2000, month: 1, day: 1), 0),
      (leapling, CivilDate(year: 2026, month: 2, day: 28), 17),
      (leapling, CivilDate(year: 2026, month: 3, day: 1), 18),
      (leapling, CivilDate(year: 2028, month: 2, day: 29), 20),
    ])
  func age(born: CivilDate, on day: CivilDate, years: Int) {
    #expect(born.age(on: day) == years)
  }

  @Test("Instants are ordered, and advance by milliseconds in both directions")
  func instants() {
    let instant = Instant(milliseconds: 1_000)
    #expect(instant.advanced(byMilliseconds: 1) > instant)
    #expect(instant.advanced(byMilliseconds: -1_000) == Instant(milliseconds: 0))
  }
}
