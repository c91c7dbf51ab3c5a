/// What kind of device a session was begun on, for its owner to recognise it by: browser and system, nothing finer.
enum Device {
  private static let browsers = [
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrom", "Chrome"), ("Safari/", "Safari"),
  ]
  private static let systems = [
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
  ]

  /// - Parameter userAgent: the header `User-Agent`.
  /// - Returns: `Firefox, Linux`; nil if nothing is known.
  static func name(userAgent: String?) -> String? {
    guard let userAgent else { return nil }
    let names = [browsers, systems].compactMap { list in list.first { userAgent.contains($0.0) }?.1 }
    return names.isEmpty ? nil : names.joined(separator: ", ")
  }
}
