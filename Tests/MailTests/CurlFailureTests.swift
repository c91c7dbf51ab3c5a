import Testing

@testable import Mail

/// The statuses and answers are what curl 7.88 gave with a real server for each of these.
@Suite("What curl's failures mean")
struct CurlFailureTests {
  @Test(
    "A recipient, sender or message that the server refuses for good is a permanent failure",
    arguments: [(55, "550 0"), (55, "553 0"), (8, "554 64")])
  func permanent(_ status: Int, _ output: String) {
    guard case .permanent = CurlFailure(status: Int32(status), output: output).failure else {
      Issue.record("not permanent")
      return
    }
  }

  @Test(
    "Everything else is temporary: later, no connection, no TLS, wrong credentials, an unwelcoming greeting, nonsense",
    arguments: [
      (55, "450 0"), (8, "451 64"), (8, "554 0"), (55, "530 0"), (55, "535 0"), (67, "535 0"), (64, "250 0"),
      (60, "000 0"),
      (77, "000 0"), (7, "000 0"), (6, "000 0"), (28, "334 0"), (56, "250 64"), (35, "000 0"), (2, ""), (55, "x y z"),
      (55, "99999999999999999999 0"),
    ])
  func temporary(_ status: Int, _ output: String) {
    guard case .temporary = CurlFailure(status: Int32(status), output: output).failure else {
      Issue.record("not temporary")
      return
    }
  }

  @Test("Wrong credentials say so")
  func credentials() {
    #expect(
      CurlFailure(status: 67, output: "535 0").failure
        == .temporary("the mail server refuses our user or password (535)")
    )
  }
}
