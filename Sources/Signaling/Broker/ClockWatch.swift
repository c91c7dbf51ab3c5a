/// Notices that the system's clock was set, by comparing it with one that cannot be.
struct ClockWatch {
  /// Milliseconds by which the two may drift apart between two looks: slow corrections are not told.
  static let tolerance: Int64 = 500

  private var difference: Int64?

  /// - Parameters:
  ///   - wall: milliseconds since 1970-01-01T00:00:00Z, as the system's clock has it.
  ///   - steady: milliseconds since any moment, counted also while the machine sleeps.
  /// - Returns: by how many milliseconds the system's clock was set since the last look; nil if it was not.
  mutating func look(wall: Int64, steady: Int64) -> Int64? {
    let before = difference
    difference = wall - steady
    guard let before, abs(wall - steady - before) > Self.tolerance else { return nil }
    return wall - steady - before
  }
}
