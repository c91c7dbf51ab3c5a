import Accounts
import Testing

@Suite("CU-6.3: birth dates")
struct CivilDateTests {
  @Test(
    "A day that exists is read and written the same",
    arguments: ["1987-04-23", "2024-02-29", "2000-02-29", "1850-01-01"])
  func valid(text: String) throws {
    #expect(try CivilDate(text).description == text)
  }

  @Test(
    "What is no day is refused",
    arguments: [
      "", "1987-4-23", "23/04/1987", "2023-02-29", "1900-02-29", "1987-13-01", "1987-00-10", "1987-04-31", "1849-12-31",
      "2201-01-01", "1987-04-23T", "+987-04-23",
    ])
  func invalid(text: String) {
    #expect(throws: AccountRefusal.self) { try CivilDate(text) }
  }

  @Test(
    "A person's age changes on the birthday, and on 1 March for 29 February",
    arguments: [
      ("2008-11-23", "2026-11-22", 17), ("2008-11-23", "2026-11-23", 18), ("2008-11-23", "2026-11-24", 18),
      ("2008-02-29", "2026-02-28", 17), ("2008-02-29", "2026-03-01", 18), ("2008-02-29", "2028-02-29", 20),
      ("2026-11-23", "2026-11-23", 0), ("2026-11-24", "2026-11-23", -1),
    ])
  func age(born: String, day: String, years: Int) throws {
    #expect(try CivilDate(born).age(on: CivilDate(day)) == years)
  }

  @Test(
    "The day is that of Paris, in summer and in winter",
    arguments: [
      (1_795_388_399_000, "2026-11-22"), (1_795_388_400_000, "2026-11-23"), (1_782_856_799_000, "2026-06-30"),
      (1_782_856_800_000, "2026-07-01"), (0, "1970-01-01"),
    ])
  func paris(milliseconds: Int64, day: String) throws {
    #expect(CivilDate(inParisAt: milliseconds).description == day)
  }
}
