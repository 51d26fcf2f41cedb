#if canImport(Glibc)
  import Glibc
#endif

/// The plain game's value function and what it says of the distributions, in plain numbers and nats.
///
///     V(D, G) = E ln D(x) + E ln(1 − D(G(z)))
///
/// Reference: [Goodfellow et al. 2014](https://arxiv.org/abs/1406.2661), equation 1, proposition 1 and theorem 1.
public enum ValueFunction {
  /// V from logits, D = σ(logit), without overflow; nil without logits on either side.
  ///
  /// A discriminator's loss in the plain game is −V.
  public static func value(data: [Double], generated: [Double]) -> Double? {
    guard !data.isEmpty, !generated.isEmpty else { return nil }
    // ln σ(s) = −softplus(−s), ln(1 − σ(s)) = −softplus(s).
    let real = data.reduce(0) { $0 + softplus(-$1) } / Double(data.count)
    let fake = generated.reduce(0) { $0 + softplus($1) } / Double(generated.count)
    return -(real + fake)
  }

  /// (V + ln 4)/2: a lower bound of the Jensen-Shannon divergence, reached by the optimal discriminator.
  ///
  /// Estimated from samples it scatters, below 0 too; with D trained on those samples it is no bound: hold some out.
  public static func jensenShannonEstimate(value: Double) -> Double { (value + log(4)) / 2 }

  /// D*(x) = p_d(x)/(p_d(x) + p_g(x)), of densities; nil where both are zero, and D is free.
  ///
  /// Proposition 1.
  public static func optimalDiscriminator(data: Double, generated: Double) -> Double? {
    data + generated > 0 ? data / (data + generated) : nil
  }

  /// D*'s logit ln p_d(x) − ln p_g(x), of log densities; nil where both densities are zero.
  public static func optimalLogit(logData: Double, logGenerated: Double) -> Double? {
    let logit = logData - logGenerated
    return logit.isNaN ? nil : logit
  }

  /// C(G) = max_D V(D, G) = −ln 4 + 2·JSD, what the generator minimizes: −ln 4 where p_g = p_d.
  ///
  /// Theorem 1. The divergence is in 0 ... ln 2, so C is in −ln 4 ... 0.
  public static func generatorCost(jensenShannon: Double) -> Double { 2 * jensenShannon - log(4) }

  /// JSD(p ‖ q) = ½·KL(p ‖ m) + ½·KL(q ‖ m), m = (p + q)/2, of discrete distributions, in 0 ... ln 2.
  ///
  /// - Returns: nil for different numbers of outcomes, or for negative numbers.
  public static func jensenShannon(_ p: [Double], _ q: [Double]) -> Double? {
    guard p.count == q.count, (p + q).allSatisfy({ $0 >= 0 }) else { return nil }
    func part(_ a: Double, _ b: Double) -> Double { a > 0 ? a * log(2 * a / (a + b)) : 0 }
    return zip(p, q).reduce(0) { $0 + (part($1.0, $1.1) + part($1.1, $1.0)) / 2 }
  }

  private static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
}
