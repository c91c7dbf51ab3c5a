import Rooms
import Transport

/// Consultations, from the arrival to the last goodbye.
extension LoadRun {
  func arrive(_ arrival: Patients.Arrival) {
    guard let members = patients.take(for: arrival) else {
      tally.held += 1
      return
    }
    tally.begun += 1
    let visit = visits.begin(arrival: arrival.at)
    for (member, part) in members {
      let script = PatientScript(
        part: part, reason: Visit.reason(visit.number), arrival: arrival.at, confirms: !closes(visit))
      let device = Device(member, script: script, run: self, source: nextSource())
      device.visit = visit
      visit.devices.append(device)
      device.connect(due: arrival.at)
    }
  }

  /// Every other consultation is closed by the practitioner, the rest by the patient's side.
  private func closes(_ visit: Visit) -> Bool { visit.number.isMultiple(of: 2) }

  func see(_ id: ConsultationID, reason: String, isNews: Bool, by device: Device) {
    guard let visit = visits.see(id, reason: reason) else { return }
    if isNews, let requested = visit.requestedAt {
      recorder.record(.fanOut, from: requested, to: MonotonicTime.nanoseconds)
    }
    desk.see(id)
    dispatch(device)
  }

  /// Has a practitioner who is free take the next one.
  func dispatch(_ device: Device) {
    guard var script = device.script as? PractitionerScript, script.isFree, device.isSignedIn else { return }
    guard let id = desk.next(sees: { script.queue.contains($0) }) else { return }
    let acts = script.claim(id, closes: visits[id].map(closes) ?? true, at: MonotonicTime.nanoseconds)
    device.script = script
    device.perform(acts)
  }

  func claimed(_ id: ConsultationID, by device: Device) {
    guard let visit = visits[id] else { return }
    guard desk.claimed(id) else { return fail(.claimedTwice, device) }
    visit.consultation = id
    visit.practitioner = device
    device.visit = visit
  }

  func finished(_ device: Device) {
    guard let visit = device.visit else { return }
    if let script = device.script as? PractitionerScript {
      visit.finish(seat: .practitioner, sent: script.sent, received: script.received, isPractitioner: true)
      device.visit = nil
    } else if let script = device.script as? PatientScript {
      visit.finish(seat: script.seat, sent: script.sent, received: script.received, isPractitioner: false)
      device.leave()
    }
    settle(visit)
  }

  /// If it is over, counts what became of it, and has those who were its patients be somebody's again.
  func settle(_ visit: Visit) {
    guard visits.remove(visit) else { return }
    if visit.trouble == nil, visit.lostSignals > 0 { visit.fail(.signalsLost(visit.lostSignals)) }
    if let trouble = visit.trouble {
      tally.failed += 1
      tally.count(trouble)
      // Their consultation may be left half-way: these people take no part any more.
      for device in visit.devices { device.leave() }
      visit.practitioner?.visit = nil
      return
    }
    tally.done += 1
    visits.conclude(visit)
    if let next = patients.putBack(visit.devices.map(\.member)) { arrive(next) }
  }
}
