#if canImport(Glibc)
  import Glibc
#endif

/// Seconds of the clocks that a run is timed by.
enum Clock {
  static func monotonic() -> Double { seconds(CLOCK_MONOTONIC) }
  /// CPU time of the calling thread.
  static func thread() -> Double { seconds(CLOCK_THREAD_CPUTIME_ID) }
  /// CPU time of all threads of the process.
  static func process() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
