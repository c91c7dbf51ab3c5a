import Rooms
import Testing

struct IdentifierTests {
  @Test(
    "An id reads back from its own text, in lower case (protocol, introduction)",
    arguments: [
      (UInt64.min, UInt64.min, "00000000-0000-0000-0000-000000000000"),
      (UInt64.max, UInt64.max, "ffffffff-ffff-ffff-ffff-ffffffffffff"),
      (0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210, "01234567-89ab-cdef-fedc-ba9876543210"),
    ])
  func roundTrip(high: UInt64, low: UInt64, text: String) {
    let id = PersonID(high: high, low: low)
    #expect(id.description == text)
    #expect(PersonID(text) == id)
    #expect(PersonID(text.uppercased()) == id)
    #expect(PersonID(text: Array(text.utf8)) == id)
  }

  @Test(
    "Nonsense is no id",
    arguments: [
      "", "0", "01234567-89ab-cdef-fedc-ba987654321", "01234567-89ab-cdef-fedc-ba98765432100",
      "0123456789abcdeffedcba9876543210", "01234567-89ab-cdef-fedc-ba987654321g",
      "01234567_89ab-cdef-fedc-ba9876543210", "0123456-789ab-cdef-fedc-ba9876543210",
      "{01234567-89ab-cdef-fedc-ba98765432}", " 1234567-89ab-cdef-fedc-ba9876543210",
      "01234567-89ab-cdef-fedc-ba987654321\u{e9}",
    ])
  func nonsense(text: String) {
    #expect(PersonID(text) == nil)
  }

  @Test("Ids are ordered by their 128 bits, connections by their numbers")
  func order() {
    #expect(PersonID(high: 0, low: 9) < PersonID(high: 1, low: 0))
    #expect(PersonID(high: 1, low: 0) < PersonID(high: 1, low: 1))
    #expect(ConnectionID(1) < ConnectionID(2))
  }
}
