import Transport

/// What devices tell the run.
extension LoadRun {
  func perform(_ act: Act, by device: Device) {
    switch act {
    case .send(let request, let intended):
      if request.type == "request.create" { device.visit?.requestedAt = intended }
      device.send(request, intended: intended)
    case .signal(let room, let to, let kind, let negotiation, let stamp):
      device.send(ClientSession.signal(room: room, to: to, kind: kind, negotiation: negotiation, stamp: stamp))
    case .wake(let at, let alarm):
      timetable.schedule(at: at) { [weak device] due in device?.cue(.timer(alarm), at: due) }
    case .measured(let latency, let from, let to): recorder.record(latency, from: from, to: to)
    case .sees(let id, let reason, let isNews): see(id, reason: reason, isNews: isNews, by: device)
    case .created(let id): device.visit?.consultation = id
    case .claimed(let id): claimed(id, by: device)
    case .free:
      checkReadiness()
      dispatch(device)
    case .finished: finished(device)
    case .failed(let trouble): fail(trouble, device)
    }
  }

  /// Something went wrong with a device, and so with the consultation that it takes part in.
  func fail(_ trouble: Trouble, _ device: Device) {
    if let visit = device.visit {
      visit.fail(trouble)
      settle(visit)
    } else {
      tally.count(trouble)
    }
    guard case .disconnected = trouble, stage != .over, workforce.contains(where: { $0 === device }) else { return }
    // Practitioners come back.
    device.begin(PractitionerScript(style: CallStyle(length: plan.call)))
    timetable.schedule(at: MonotonicTime.nanoseconds + 1_000_000_000) { device.connect(due: $0) }
  }

  func fault(_ fault: ClientSession.Fault, on device: Device) {
    let text =
      switch fault {
      case .unreadable(let detail): "unreadable: \(detail)"
      case .sequence(let expected, let got): got > expected ? "events missing" : "events twice or out of order"
      case .replyToNothing: "a reply to nothing"
      }
    fail(.protocolBroken(text), device)
  }
}
