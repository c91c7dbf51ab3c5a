import Foundation
import Rooms

/// Keeps a head now and then, and sends what was kept to where it is out of reach: at once after a closure, and again and
/// again where a target cannot be reached.
public struct RecordExporter: Sendable {
  /// Lines that are handed over together.
  private static let batch = 256
  /// Seconds until a target that failed is tried again.
  private static let retrySeconds = 10

  private let store: SQLiteStore
  private let targets: [any HeadTarget]
  private let authority: (any TimestampAuthority)?
  private let interval: Duration
  private let report: @Sendable (String) -> Void

  /// - Parameters:
  ///   - interval: between heads, as long as something happens.
  ///   - report: told what went wrong; it names no person.
  public init(
    store: SQLiteStore, targets: [any HeadTarget], authority: (any TimestampAuthority)?, interval: Duration,
    report: @escaping @Sendable (String) -> Void
  ) {
    self.store = store
    self.targets = targets
    self.authority = authority
    self.interval = interval
    self.report = report
  }

  /// Works until its task is cancelled.
  public func run() async {
    let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    store.whenExportWaits { signal.yield() }
    signal.yield()
    await withTaskGroup { group in
      group.addTask {
        while !Task.isCancelled {
          try? await Task.sleep(for: interval)
          keepHead()
        }
      }
      group.addTask {
        for await _ in signals {
          if await export() { continue }
          try? await Task.sleep(for: .seconds(Self.retrySeconds))
          signal.yield()
        }
      }
    }
  }

  /// Keeps and exports what is left, once; to be called when nothing is written any more.
  public func finish() async {
    keepHead()
    _ = await export()
  }

  private func keepHead() {
    do {
      try store.keepHead(at: Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)))
    } catch {
      report("no head could be signed: \(error)")
    }
  }

  /// - Returns: false if something is left that has to be tried again.
  func export() async -> Bool {
    var isDone = true
    for target in targets {
      do {
        try await export(to: target)
      } catch {
        report("heads wait to be exported to the \(target.name): \(error)")
        isDone = false
      }
    }
    return isDone
  }

  private func export(to target: any HeadTarget) async throws {
    while case let rows = try store.waitingExports(for: target.name, limit: Self.batch), let last = rows.last {
      var lines: [String] = []
      for row in rows { lines.append(try await line(row)) }
      try await target.hand(over: lines)
      try store.exported(last.sequence, to: target.name, of: targets.map(\.name))
    }
  }

  private func line(_ row: ExportRow) async throws -> String {
    guard let number = row.head else { return row.line ?? "" }
    guard var head = try store.keptHead(number) else { throw RecordTampered(why: "head \(number) is missing") }
    if head.timestamp == nil, let authority {
      do {
        let token = try await authority.stamp(head.text)
        try store.setTimestamp(token, of: number)
        head.timestamp = token
      } catch {
        report("head \(number) has no time stamp: \(error)")
      }
    }
    return head.line
  }
}
