#if canImport(Glibc)
  import Glibc
#endif

/// The natural logarithm.
func logarithm(_ x: Double) -> Double { log(x) }
