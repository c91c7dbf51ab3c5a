import ArgumentParser
import Dispatch
import Foundation
import Load
import Transport

/// A run from the command line: the broker, the people, the event loop, and where the report goes.
struct Runner {
  private let plan: LoadPlan
  private let target: TargetOptions
  private let report: ReportOptions

  init(_ plan: LoadPlan, _ target: TargetOptions, _ report: ReportOptions) {
    self.plan = plan
    self.target = target
    self.report = report
  }

  func run() async throws {
    let result: LoadReport
    do {
      result = try await measure()
      print(ReportText.text(result), terminator: "")
      if let path = report.json { try result.json().write(to: URL(fileURLWithPath: path)) }
      if let path = report.picture { try Data(ReportPicture.svg(result).utf8).write(to: URL(fileURLWithPath: path)) }
    } catch let error as any Error & CustomStringConvertible {
      tell("mqm-load: \(error.description)")
      throw ExitCode.failure
    }
    guard result.isGood else { throw ExitCode.failure }
  }

  private func measure() async throws -> LoadReport {
    _ = ClientGroup.raiseDescriptorLimit()
    if let url = target.url, let people = target.people {
      let cast = try Cast(importOutput: Data(contentsOf: URL(fileURLWithPath: people)))
      return try await measure(url: url, cast: cast, server: nil)
    }
    let broker = try OwnBroker(
      program: target.broker ?? beside("mqm-broker"), legal: target.legal,
      options: target.brokerOptions + (target.tls ? ["--tls-development"] : []))
    defer { broker.stop() }
    let size = plan.size
    say("making \(size.practitioners) practitioners, \(size.adults) adults and \(size.families) families")
    let cast = try Cast(importOutput: broker.importPeople(Cast.importLines(size)))
    let url = try broker.start()
    say("broker at \(url)")
    return try await measure(url: url, cast: cast, server: broker)
  }

  private func measure(url: String, cast: Cast, server: OwnBroker?) async throws -> LoadReport {
    let target = try ClientTarget(url: url)
    let loop = try EventLoop(name: "mqm-load")
    // Ctrl-C, or a service manager, ends the run, which is then reported; a second time, the program.
    let current = CurrentRun()
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        signal(number, SIG_DFL)
        loop.execute { current.run?.stop() }
      }
      source.resume()
      return source
    }
    let plan = plan
    let quiet = report.quiet
    let result = await withCheckedContinuation { (done: CheckedContinuation<LoadReport, Never>) in
      loop.execute {
        let run = LoadRun(
          plan: plan, target: target, cast: cast, loop: loop, server: server,
          progress: { if !quiet { tell($0) } }, completion: { done.resume(returning: $0) })
        current.run = run
        run.begin()
      }
    }
    for source in sources { source.cancel() }
    loop.stop()
    return result
  }

  /// The program of that name in the folder of this one.
  private func beside(_ name: String) -> String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name).path
  }

  private func say(_ line: String) { if !report.quiet { tell(line) } }
}

/// The run that is under way; of the loop's thread.
private final class CurrentRun: @unchecked Sendable {
  var run: LoadRun?
}

private func tell(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
