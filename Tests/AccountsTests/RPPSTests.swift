import Accounts
import Testing

@Suite("CU-6.7: RPPS numbers")
struct RPPSTests {
  @Test(
    "A number with a right key is accepted, however it is spaced",
    arguments: ["10003456786", "10007654329", "10101010105", "10000000009", "81000000000", "100 0345 6786"])
  func valid(text: String) throws {
    #expect(try RPPS(text).digits == String(text.filter { $0 != " " }))
  }

  @Test("Every other key is refused", arguments: 0...9)
  func wrongKey(key: Int) {
    let number = "1000345678\(key)"
    #expect(((try? RPPS(number)) != nil) == (key == 6))
  }

  @Test(
    "What is not 11 digits is refused",
    arguments: ["", "1000345678", "100034567865", "1000345678a", "١٠٠٠٣٤٥٦٧٨٦", "10003456786\n", "-1000345678"])
  func wrongForm(text: String) {
    #expect(throws: AccountRefusal.invalid(field: .rpps, why: "an RPPS number has 11 digits")) { try RPPS(text) }
  }

  @Test("Two neighbouring digits that changed places are noticed")
  func swapped() {
    #expect(throws: AccountRefusal.self) { try RPPS("10004356786") }
  }
}
