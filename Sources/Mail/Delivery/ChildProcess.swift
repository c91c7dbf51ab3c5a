import Foundation
import Synchronization

/// A number of `errno`.
struct SystemError: Error {
  let code: Int32
}

/// One program that was started, with its process group.
final class ChildProcess: Sendable {
  private enum State {
    case waiting
    case running(pid_t)
    case killed(Command.Ending)
    case ended
  }

  private let state = Mutex(State.waiting)

  /// Kills it with everything that it left in its process group; a program that is not started yet never is.
  func kill(becauseOf ending: Command.Ending) {
    state.withLock { state in
      switch state {
      case .waiting: state = .killed(ending)
      case .running(let pid):
        _ = Glibc.kill(-pid, SIGKILL)
        state = .killed(ending)
      case .killed, .ended: break
      }
    }
  }

  /// Blocks until it ended.
  ///
  /// - Parameters:
  ///   - words: the program's absolute path and its arguments.
  ///   - error: readable there; `/dev/null` for nil.
  ///   - started: called when it runs.
  /// - Throws: when it could not be started.
  func run(
    _ words: [String], input: MemoryFile, output: MemoryFile, error: MemoryFile?, started: () -> Void
  ) throws(SystemError) -> Command.Ending {
    let spawned: Result<pid_t, SystemError>? = state.withLock { state in
      guard case .waiting = state else { return nil }
      let result = Self.spawn(words, input: input, output: output, error: error)
      if case .success(let pid) = result { state = .running(pid) } else { state = .ended }
      return result
    }
    guard let pid = try spawned?.get() else { return endingIfKilled ?? .cancelled }
    started()
    var info = siginfo_t()
    // It stays a zombie until nobody can kill it any more, as its number may be given to another one afterwards.
    while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
    let killed = endingIfKilled
    state.withLock { $0 = .ended }
    waitpid(pid, nil, 0)
    if let killed { return killed }
    let status = info._sifields._sigchld.si_status
    return info.si_code == Int32(CLD_EXITED) ? .exited(status, output: "") : .killed(signal: status)
  }

  private var endingIfKilled: Command.Ending? {
    state.withLock { state in
      if case .killed(let ending) = state { ending } else { nil }
    }
  }

  /// The environment.
  private static let surroundings = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]

  /// With no signal blocked or ignored, no file open but the three, and a process group of its own.
  private static func spawn(
    _ words: [String], input: MemoryFile, output: MemoryFile, error: MemoryFile?
  ) -> Result<pid_t, SystemError> {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input.descriptor, 0)
    posix_spawn_file_actions_adddup2(&actions, output.descriptor, 1)
    if let error {
      posix_spawn_file_actions_adddup2(&actions, error.descriptor, 2)
    } else {
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    }
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    for descriptor in open.compactMap({ Int32($0) }) where descriptor > 2 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }

    let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    let environment: [UnsafeMutablePointer<CChar>?] = surroundings.map { strdup($0) } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, words[0], &actions, &attributes, arguments, environment)
    return code == 0 ? .success(pid) : .failure(SystemError(code: code))
  }
}
