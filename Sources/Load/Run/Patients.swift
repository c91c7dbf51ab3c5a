/// The patients' side of a run: who is free to ask, and arrivals that wait for somebody who is.
struct Patients {
  /// A consultation that is to begin.
  struct Arrival {
    let at: UInt64
    let isChild: Bool
  }

  private var adults: [CastMember]
  private var families: [(parent: CastMember, child: CastMember)]
  /// Arrivals that wait.
  private(set) var held: [Arrival] = []

  init(adults: [CastMember], families: [(parent: CastMember, child: CastMember)]) {
    self.adults = adults.reversed()
    self.families = families.reversed()
  }

  /// Those who come with it.
  ///
  /// - Returns: nil if nobody is free; the arrival then waits.
  mutating func take(for arrival: Arrival) -> [(CastMember, PatientScript.Part)]? {
    if arrival.isChild, let family = families.popLast() { return [(family.parent, .parent), (family.child, .child)] }
    if !arrival.isChild, let adult = adults.popLast() { return [(adult, .adult)] }
    held.append(arrival)
    return nil
  }

  /// They are free again.
  ///
  /// - Parameter members: an adult alone, or a parent and their child.
  /// - Returns: the arrival that waited longest for such people; it waits no more.
  mutating func putBack(_ members: [CastMember]) -> Arrival? {
    let isFamily = members.count == 2
    // The one who has waited longest since is next, so that nobody asks more often than the broker allows.
    if isFamily { families.insert((members[0], members[1]), at: 0) } else { adults.insert(members[0], at: 0) }
    return held.firstIndex { $0.isChild == isFamily }.map { held.remove(at: $0) }
  }
}
