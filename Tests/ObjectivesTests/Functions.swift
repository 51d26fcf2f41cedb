#if canImport(Glibc)
  import Glibc
#endif

func exponential(_ x: Double) -> Double { exp(x) }
func logarithmOfSum(_ a: Double, _ b: Double) -> Double { log(a + b) }
