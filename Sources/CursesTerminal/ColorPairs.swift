/// The numbers under which a screen knows its pairs of colours, given out on demand.
///
/// Terminals of 8 colours have 64 pairs, fewer than there are combinations with the default colours; then pairs that no
/// cell shows any more are used anew, and where even that does not do, the nearest pair there is.
struct ColorPairs {
  /// Curses' numbers of two colours, -1 for the default.
  struct Colors: Hashable {
    var foreground: Int32
    var background: Int32
    static let standard = Colors(foreground: -1, background: -1)
  }

  private let limit: Int
  private var numbers: [Colors: Int32] = [:]
  private var free: [Int32] = []
  private var next: Int32 = 1

  /// - Parameter limit: pairs that the terminal has, 0 being the default one.
  init(limit: Int) { self.limit = limit }

  enum Answer: Equatable {
    case known(Int32)
    /// Has to be defined before it is used.
    case new(Int32)
    case full
  }

  mutating func number(for colors: Colors) -> Answer {
    if colors == .standard { return .known(0) }
    if let number = numbers[colors] { return .known(number) }
    if let number = free.popLast() {
      numbers[colors] = number
      return .new(number)
    }
    guard next < limit else { return .full }
    numbers[colors] = next
    next += 1
    return .new(next - 1)
  }

  /// Gives back all pairs but those in use.
  mutating func keep(_ used: Set<Colors>) {
    for (colors, number) in numbers where !used.contains(colors) {
      numbers[colors] = nil
      free.append(number)
    }
  }

  /// The pair that comes nearest: of the same background and the foreground that is least far by `distance`, else the
  /// least far in both; the default pair where there is none.
  func nearest(to wanted: Colors, distance: (Int32, Int32) -> Int) -> Int32 {
    func rank(_ colors: Colors) -> Int {
      // Areas strike the eye more than lines do.
      2 * distance(colors.background, wanted.background) + distance(colors.foreground, wanted.foreground)
    }
    return numbers.min { (rank($0.key), $0.value) < (rank($1.key), $1.value) }?.value ?? 0
  }
}
