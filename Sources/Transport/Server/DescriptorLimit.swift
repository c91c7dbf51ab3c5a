import Glibc

/// How many descriptors this process may have.
enum DescriptorLimit {
  /// libwebsockets makes tables of this size; what a container may offer (2^30) would not fit into memory.
  static let wanted: UInt = 65_536

  /// Raises (or lowers) the limit to `wanted`, as far as the system allows, and returns it.
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
    return Int(clamping: limit.rlim_cur)
  }
}
