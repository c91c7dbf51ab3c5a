/// The clock that latencies are measured with.
public enum MonotonicTime {
  /// Nanoseconds of CLOCK_MONOTONIC, the same in all threads and processes of a machine. No system call (vDSO).
  public static var nanoseconds: UInt64 { monotonicNanoseconds() }
}
