import Rooms
import Testing

@testable import Load

@Suite struct SignalDataTests {
  private let room = ConsultationID(high: 1, low: 2)

  @Test func `Signals have the sizes of browsers'`() {
    let size = { (kind: SignalKind) in
      SignalData.text(kind, SignalStamp(number: 12, intended: 123_456_789_012_345)).count
    }
    #expect((3_900...4_096).contains(size(.offer)))
    #expect((2_200...2_500).contains(size(.answer)))
    #expect((190...300).contains(size(.candidate)))
  }

  @Test(arguments: SignalKind.allCases) func `A signal that changed on its way is noticed`(kind: SignalKind) throws {
    let stamp = SignalStamp(number: 3, intended: 99)
    let data = SignalData.text(kind, stamp)
    let frame =
      #"{"seq":1,"type":"signal","room":"\#(room)","from":"patient","to":"practitioner","kind":"\#(kind.rawValue)","negotiation":4,"data":"#
    let read = { (data: [UInt8]) throws -> ServerMessage.SignalView? in
      let text = Array(frame.utf8) + data + Array("}".utf8)
      guard case .event(1, .signal(let signal)) = try text.withUnsafeBytes({ try MessageReader.read($0) }) else {
        return nil
      }
      return signal
    }
    let good = try #require(try read(data))
    #expect(good.isWhole && good.stamp == stamp && good.kind == kind && good.from == .patient)
    var changed = data
    // The first letter of the first member after the stamp: still JSON.
    let letter = try #require(data.indices.filter { data[$0] == UInt8(ascii: ",") }.dropFirst().first) + 2
    changed[letter] ^= 1
    #expect(try read(changed)?.isWhole == false)
  }
}
