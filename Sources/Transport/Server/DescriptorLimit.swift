import Glibc

/// How many descriptors this process may have.
enum DescriptorLimit {
  /// libwebsockets makes tables of this size; what a container may offer (2^30) would not fit into memory.
  static let wanted: UInt = 65_536

  /// Raises (or lowers) the limit to `wanted`, as far as the system allows, makes room for as many, and returns it.
  static func adjust() -> Int {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(resource, &limit) == 0 else { return 1_024 }
    let target = min(limit.rlim_max, wanted)
    if limit.rlim_cur != target {
      limit.rlim_cur = target
      _ = setrlimit(resource, &limit)
      _ = getrlimit(resource, &limit)
    }
    let count = Int(clamping: limit.rlim_cur)
    makeRoom(for: count)
    return count
  }

  /// Has the kernel make its table of this process's descriptors as long as it may become: 8 bytes for each.
  ///
  /// It would double it whenever it is full, and a process with several threads then waits until every processor has let
  /// go of the old one: 9 to 15 ms were measured, in an `accept`, while the whole loop stands still.
  private static func makeRoom(for count: Int) {
    let last = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, Int32(clamping: count - 1))
    if last >= 0 { close(last) }
  }
}
