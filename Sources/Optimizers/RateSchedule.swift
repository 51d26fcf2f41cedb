#if canImport(Glibc)
  import Glibc
#endif

/// The factor on a learning rate over a run, from 1 at step 0 to `final` at the last step and after it.
///
/// It is computed outside of the graph, which takes the product with the rate as an input.
public enum RateSchedule: Sendable, Hashable {
  /// 1.
  case constant
  /// 1 + (final − 1)·t/T.
  case linear(final: Double)
  /// final + (1 − final)·(1 + cos(π·t/T))/2. Loshchilov and Hutter 2016, arXiv:1608.03983, equation 5, without restarts.
  case cosine(final: Double)

  /// - Parameters:
  ///   - step: t, counted from 0.
  ///   - total: T, the steps of the whole run; without any the schedule stays at its start.
  public func multiplier(step: Int, of total: Int) -> Double {
    let progress = total > 0 ? min(1, max(0, Double(step) / Double(total))) : 0
    switch self {
    case .constant: return 1
    case .linear(let final): return 1 + (final - 1) * progress
    case .cosine(let final): return final + (1 - final) * (1 + cos(.pi * progress)) / 2
    }
  }
}
