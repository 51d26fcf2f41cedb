#if canImport(Glibc)
  import Glibc
#endif

/// Seconds since it was made.
struct Stopwatch {
  private let start = Stopwatch.now()

  var seconds: Double { Stopwatch.now() - start }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// The largest resident set of the process since `reset`, in MB of 10^6 bytes.
enum PeakMemory {
  /// Forgets earlier peaks, where the kernel allows.
  static func reset() {
    guard let file = fopen("/proc/self/clear_refs", "w") else { return }
    fputs("5", file)
    fclose(file)
  }

  static func megabytes() -> Double {
    guard let file = fopen("/proc/self/status", "r") else { return .nan }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, 256, file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard text.hasPrefix("VmHWM:") else { continue }
      let digits = text.filter(\.isNumber)
      return (Double(digits) ?? .nan) * 1024 / 1e6
    }
    return .nan
  }
}
