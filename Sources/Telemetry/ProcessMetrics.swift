import Glibc

/// What the kernel says of this process, under the names that Prometheus' own clients use.
public enum ProcessMetrics {
  /// Adds them; they are asked for on each reading, on the reading thread.
  public static func register(in registry: MetricsRegistry) {
    let page = Double(sysconf(Int32(_SC_PAGESIZE)))
    registry.reading("process_resident_memory_bytes", "Resident memory.") { memory(1).map { $0 * page } }
    registry.reading("process_virtual_memory_bytes", "Virtual memory.") { memory(0).map { $0 * page } }
    registry.reading("process_open_fds", "Open descriptors.", openDescriptors)
    registry.reading("process_max_fds", "Descriptors that may be open.") {
      var limit = rlimit()
      return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? Double(limit.rlim_cur) : nil
    }
    registry.countReading("process_cpu_seconds_total", "CPU time used, in user mode and in the kernel.") {
      var usage = rusage()
      guard getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return nil }
      return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
    let start = startTime()
    registry.reading("process_start_time_seconds", "When the process started, in seconds since 1970-01-01T00:00:00Z.") {
      start
    }
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

  /// A field of proc(5)'s statm, in pages.
  private static func memory(_ field: Int) -> Double? {
    let fields = content("/proc/self/statm")?.split(separator: " ") ?? []
    return fields.indices.contains(field) ? Double(fields[field]) : nil
  }

  @Sendable private static func openDescriptors() -> Double? {
    guard let folder = opendir("/proc/self/fd") else { return nil }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    // Without `.`, `..` and the descriptor of the folder itself.
    return Double(count - 3)
  }

  /// proc(5): the process started so many ticks after the machine did.
  private static func startTime() -> Double? {
    guard let own = content("/proc/self/stat"), let machine = content("/proc/stat"),
      // The name of the program, in parentheses, may have anything in it.
      let end = own.lastIndex(of: ")")
    else { return nil }
    let fields = own[end...].split(separator: " ")
    let boot = machine.split(separator: "\n").first { $0.hasPrefix("btime ") }?.dropFirst(6)
    guard fields.count > 20, let ticks = Double(fields[20]), let boot = boot.flatMap({ Double($0) }) else { return nil }
    return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  private static func content(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
