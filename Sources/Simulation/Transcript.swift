import Rooms

/// What happened in a schedule, line by line; kept only when somebody is going to read it.
struct Transcript {
  let isKept: Bool
  private(set) var lines: [String] = []
  private var start: Int64?

  init(isKept: Bool) {
    self.isKept = isKept
  }

  mutating func introduce(_ population: Population) {
    guard isKept else { return }
    for resident in population.residents {
      let kind = !resident.isPractitioner ? "" : resident.isVerified ? ", practitioner" : ", unverified practitioner"
      let guardians = resident.guardians.map { "\($0.relation) \($0.person)" }
      append(
        "\(resident.id)\(kind)\(resident.isPatient ? ", patient" : "") born \(resident.birthDate.year)-"
          + "\(resident.birthDate.month)-\(resident.birthDate.day), \(resident.protection), guardians \(guardians)")
    }
  }

  mutating func note(_ clock: VirtualClock, _ what: @autoclosure () -> String) {
    guard isKept else { return }
    let origin = start ?? clock.milliseconds
    start = origin
    append("+\(clock.milliseconds - origin) ms  \(what())")
  }

  mutating func note(_ effect: Effect) {
    note("  → \(effect)")
  }

  mutating func note(_ what: @autoclosure () -> String) {
    if isKept { append(what()) }
  }

  /// Ids are short in here, and modules are not named.
  private mutating func append(_ line: String) {
    lines.append(
      line.replacing("Rooms.", with: "")
        .replacing("00000000-0000-0001-0000-0000000000", with: "p")
        .replacing("00000000-0000-0002-0000-0000000000", with: "c")
        .replacing("00000000-0000-0003-0000-0000000000", with: "key")
        .replacing("00000000-0000-0004-0000-0000000000", with: "d"))
  }
}
