@testable import Signaling

/// Runs `body` with the bytes of a text.
func withText<Result>(_ text: some Sequence<UInt8>, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows
  -> Result
{
  try Array(text).withUnsafeBytes(body)
}

/// Whether a text is one JSON value, for the scanner.
func scannerAccepts(_ text: some Sequence<UInt8>) -> Bool {
  withText(text) { text in
    var scanner = JSONScanner(text)
    scanner.skipWhitespace()
    do {
      _ = try scanner.skipValue()
      try scanner.expectEnd()
      return true
    } catch {
      return false
    }
  }
}

/// What `read` says of the object that is this text; nil if the text is malformed.
func readObject<Value>(_ text: String, _ read: (JSONObject) throws(JSONObject.Invalid) -> Value)
  -> Result<Value, JSONObject.Invalid>?
{
  withText(text.utf8) { bytes in
    guard let object = try? JSONObject(bytes) else { return nil }
    do throws(JSONObject.Invalid) { return .success(try read(object)) } catch { return .failure(error) }
  }
}
