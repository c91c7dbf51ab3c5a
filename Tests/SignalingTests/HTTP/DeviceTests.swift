import Testing

@testable import Signaling

struct DeviceTests {
  @Test(
    "a device is named by browser and system, and by nothing finer",
    arguments: [
      ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
      (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", "Chrome, Windows"
      ),
      ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36 Edg/131.0", "Edge, Windows"),
      (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
        "Safari, iPhone"
      ),
      ("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile", "Chrome, Android"),
      ("curl/8.5.0", nil), (nil, nil),
    ] as [(String?, String?)])
  func name(_ userAgent: String?, _ name: String?) {
    #expect(Device.name(userAgent: userAgent) == name)
  }
}
