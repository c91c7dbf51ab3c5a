import Synchronization

/// Faults, from several threads.
final class FaultList: Sendable {
  private let faults = Mutex<[RecordFault]>([])

  func add(_ fault: RecordFault) {
    faults.withLock { if $0.count < RecordVerifier.faultLimit { $0.append(fault) } }
  }

  var hasRoom: Bool { faults.withLock { $0.count < RecordVerifier.faultLimit } }
  var all: [RecordFault] { faults.withLock { $0 } }
}
