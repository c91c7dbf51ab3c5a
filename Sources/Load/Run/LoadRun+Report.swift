import Foundation
import Transport

/// What a run found, when it is over.
extension LoadRun {
  func makeReport() -> LoadReport {
    var report = LoadReport(plan: plan, startedAt: startedAt, seconds: timeline.elapsed)
    for (index, latencies) in recorder.phases.enumerated() {
      let end = index * 2 + 1 < recorder.borders.count ? recorder.borders[index * 2 + 1] : MonotonicTime.nanoseconds
      let seconds = Double(end - recorder.borders[index * 2]) / 1e9
      report.phases.append(
        .init(
          name: phaseName(index), seconds: seconds, latencies: latencies.mapValues(Quantiles.init),
          curves: latencies.mapValues(CurvePoint.curve)))
    }
    report.timeline = timeline.seconds
    report.consultations = .init(begun: tally.begun, done: tally.done, failed: tally.failed, held: tally.held)
    report.messages = .init(
      sent: tally.sent, received: tally.received, receivedBytes: tally.receivedBytes, connections: tally.connections)
    report.refusals = tally.refusals
    report.ends = tally.ends
    report.troubles = tally.troubles
    report.disturbance = disturbance?.report
    report.generatorLag = Quantiles(timetable.lag)
    if let ownUsage, let now = ServerUsage(pid: getpid()) { report.generatorCPU = now.percent(since: ownUsage) }
    report.server = timeline.server
    return report
  }
}
