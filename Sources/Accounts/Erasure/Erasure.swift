/// What goes when an account is erased, told beforehand (CU-12.1).
public struct ErasurePreview: Hashable, Sendable {
  /// Represented patients without a sign-in of their own who would have no guardian left: they are erased, too.
  public let patientsErased: [Profile]
  /// Represented patients who stay.
  public let patientsLeft: [Profile]

  public init(patientsErased: [Profile], patientsLeft: [Profile]) {
    self.patientsErased = patientsErased
    self.patientsLeft = patientsLeft
  }
}
