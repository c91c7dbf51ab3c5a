/// What a signal is about.
enum SignalKind: String, CaseIterable, Sendable {
  case offer, answer, candidate
  case endOfCandidates = "end_of_candidates"
}

/// What each signal carries besides its payload.
struct SignalStamp: Equatable, Sendable {
  /// From 1, one more with each signal from one seat to another of a room.
  let number: Int
  /// When it was to be sent, in nanoseconds of the monotonic clock: latency is measured from then.
  let intended: UInt64
}

/// The `data` of signals: the sizes and the look of what browsers send, with a stamp in front. A payload depends on its
/// kind and number alone, so that the receiver can compare it byte for byte.
enum SignalData {
  /// The JSON object.
  static func text(_ kind: SignalKind, _ stamp: SignalStamp) -> [UInt8] {
    var text = head(stamp)
    text.append(contentsOf: payload(kind, stamp.number))
    return text
  }

  /// Whether `bytes` are those that `text` made.
  static func matches(_ bytes: UnsafeRawBufferPointer, _ kind: SignalKind, _ stamp: SignalStamp) -> Bool {
    let head = head(stamp)
    let payload = payload(kind, stamp.number)
    guard bytes.count == head.count + payload.count else { return false }
    return head.elementsEqual(bytes[..<head.count]) && payload.elementsEqual(bytes[head.count...])
  }

  private static func head(_ stamp: SignalStamp) -> [UInt8] {
    Array("{\"n\":\(stamp.number),\"t\":\(stamp.intended),".utf8)
  }

  private static func payload(_ kind: SignalKind, _ number: Int) -> [UInt8] {
    switch kind {
    case .offer: offer
    case .answer: answer
    case .candidate: candidates[number % candidates.count]
    case .endOfCandidates: Array(#""candidate":null}"#.utf8)
    }
  }

  /// 4,096 bytes with its stamp's few, as an offer of a camera and a microphone has.
  private static let offer = description("offer", bytes: 4_050)
  private static let answer = description("answer", bytes: 2_400)

  private static func description(_ type: String, bytes: Int) -> [UInt8] {
    let start =
      #""type":"\#(type)","sdp":"v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"#
      + #"a=group:BUNDLE 0 1\r\na=msid-semantic: WMS\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\n"#
      + #"c=IN IP4 0.0.0.0\r\na=ice-ufrag:EsAw\r\na=ice-pwd:bP+XJMM09aR8AiX1jdukzR6Y\r\na=setup:actpass\r\na=mid:0\r\n"#
    var text = start
    var type = 96
    while text.utf8.count < bytes {
      text += #"a=rtpmap:\#(type) VP8/90000\r\na=rtcp-fb:\#(type) goog-remb\r\na=rtcp-fb:\#(type) nack pli\r\n"#
      type = type == 127 ? 96 : type + 1
    }
    // What was too much is cut off whole, so that no escape is.
    let lines = text.split(separator: #"\r\n"#)
    var result = ""
    for line in lines where result.utf8.count + line.utf8.count + 6 <= bytes { result += line + #"\r\n"# }
    return Array((result + #""}"#).utf8)
  }

  private static let candidates: [[UInt8]] = (0..<8).map { index in
    let kind = index < 4 ? "host" : index < 6 ? "srflx" : "relay"
    let related = index < 4 ? "" : " raddr 0.0.0.0 rport 0"
    let text =
      #""candidate":"candidate:\#(1_467_250_027 + index) 1 udp 212226022\#(index) 192.0.2.\#(10 + index) 4615\#(index) typ \#(kind)"#
      + #"\#(related) generation 0 ufrag EsAw network-id 1 network-cost 10","sdpMid":"0","sdpMLineIndex":0,"#
      + #""usernameFragment":"EsAw"}"#
    return Array(text.utf8)
  }
}
