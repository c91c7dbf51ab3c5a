import Foundation
import Testing

@testable import Mail

@Suite("Running other programs")
struct CommandTests {
  private func shell(_ script: String, input: String = "", attachment: String? = nil, limit: Int = 60) -> Command {
    Command(
      program: "/bin/sh", arguments: ["-c", script], input: Data(input.utf8),
      attachment: attachment.map { Data($0.utf8) },
      limit: limit)
  }

  @Test("It gets its input and its attachment, and its status and output come back")
  func passesThrough() async {
    let command = shell("cat; cat /dev/fd/2; exit 7", input: "input ", attachment: "attachment")
    #expect(await command.run() == .exited(7, output: "input attachment"))
  }

  @Test("Much input is no matter, whether it is read or not")
  func muchInput() async {
    let much = String(repeating: "x", count: 3_000_000)
    #expect(await shell("wc -c", input: much).run() == .exited(0, output: "3000000\n"))
    #expect(await shell("exit 0", input: much).run() == .exited(0, output: ""))
  }

  @Test("It has an environment of its own, no signal blocked or ignored, and no file open but the three")
  func surroundings() async throws {
    let held = try MemoryFile(Data())
    let environment = await shell("env").run()
    guard case .exited(0, let output) = environment else {
      Issue.record("\(environment)")
      return
    }
    // PWD, OLDPWD and _ are the shell's own.
    let names = Set(output.split(separator: "\n").compactMap { $0.split(separator: "=").first })
    #expect(names.subtracting(["PWD", "OLDPWD", "_", "SHLVL"]) == ["PATH", "LC_ALL"])
    #expect(
      await shell("grep -E 'Sig(Blk|Ign)' /proc/self/status | grep -v 0000000[01]80000000 | cut -f2").run()
        == .exited(0, output: "0000000000000000\n"))
    #expect(await shell("[ -e /proc/$$/fd/\(held.descriptor) ] || echo closed").run() == .exited(0, output: "closed\n"))
  }

  @Test("What it leaves in the background is not waited for", .timeLimit(.minutes(1)))
  func background() async {
    #expect(await shell("sleep 600 & exit 0").run() == .exited(0, output: ""))
  }

  @Test("It is killed when its time is over, and with it what it started")
  func limit() async {
    #expect(await shell("sleep 600; true", limit: 0).run() == .outOfTime)
  }

  @Test("It is killed when the task is cancelled")
  func cancellation() async throws {
    let folder = try TemporaryFolder()
    let pipe = "\(folder.path)/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let task = Task { await shell("echo here > '\(pipe)'; sleep 600").run() }
    // Blocks until the program opened the other end.
    let word = await DeliveryThreads.run { try? FileHandle(forReadingAtPath: pipe)?.readToEnd() }
    #expect(word == Data("here\n".utf8))
    task.cancel()
    #expect(await task.value == .cancelled)
  }

  @Test("In a task that is cancelled already it is never started")
  func cancelledBefore() async throws {
    let folder = try TemporaryFolder()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await shell("touch '\(folder.path)/started'").run()
    }
    #expect(await task.value == .cancelled)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("A signal that ends it, and a program that is not there, are told apart")
  func endings() async {
    #expect(await shell("kill -15 $$").run() == .killed(signal: 15))
    let missing = Command(program: "/nonexistent/program", arguments: [], input: Data(), limit: 60)
    #expect(await missing.run() == .notStarted(why: "No such file or directory"))
  }
}
