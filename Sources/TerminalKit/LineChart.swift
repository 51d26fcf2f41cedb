/// What is drawn of a series at one place of the x axis: a range of consecutive steps.
public struct ChartPoint: Hashable, Sendable {
  /// The place on the x axis, usually a step.
  public var x: Double
  /// Smallest and largest finite value; NaN where there is none.
  public var minimum: Double
  public var maximum: Double
  /// The value that the line goes through: the last or the mean. Not finite where there is none.
  public var last: Double
  /// Whether a NaN or an infinity is among the values.
  public var hasNonFinite: Bool

  public init(x: Double, minimum: Double, maximum: Double, last: Double, hasNonFinite: Bool = false) {
    self.x = x
    self.minimum = minimum
    self.maximum = maximum
    self.last = last
    self.hasNonFinite = hasNonFinite
  }

  /// A single value.
  public init(x: Double, value: Double) {
    self.init(
      x: x, minimum: value.isFinite ? value : .nan, maximum: value.isFinite ? value : .nan, last: value,
      hasNonFinite: !value.isFinite)
  }
}

/// One line of a chart. Points are in order of x, at most about two for each column of the screen.
public struct ChartSeries: Hashable, Sendable {
  public var label: String
  public var color: Color
  public var columns: [ChartPoint]
  /// Whether it is there to be compared with, such as the curve of another run: dashed, behind the others, without band.
  public var isFaint: Bool
  /// What several series are of, such as another run: the legend names it once, instead of each of them.
  public var group: String?
  /// The newest value where it is in view; points may hold the mean of some steps instead.
  public var newest: Double?
  public init(
    label: String, color: Color, columns: [ChartPoint], isFaint: Bool = false, group: String? = nil,
    newest: Double? = nil
  ) {
    self.label = label
    self.color = color
    self.columns = columns
    self.isFaint = isFaint
    self.group = group
    self.newest = newest
  }
}

/// Something that happened at a step, drawn as a tick with a letter on the x axis.
public struct ChartMark: Hashable, Sendable {
  public enum Kind: Hashable, Sendable, CaseIterable { case edit, checkpoint, verdict }
  public var x: Double
  public var kind: Kind
  public var letter: Character
  /// - Parameter letter: what stands on the axis; by default `e`, `c` or `!`.
  public init(x: Double, kind: Kind, letter: Character? = nil) {
    self.x = x
    self.kind = kind
    self.letter = letter ?? (kind == .edit ? "e" : kind == .checkpoint ? "c" : "!")
  }
}

/// A dashed horizontal line at a known value, such as ln 2.
public struct ChartReference: Hashable, Sendable {
  public var value: Double
  public var label: String
  public init(value: Double, label: String) {
    self.value = value
    self.label = label
  }
}

/// Lines over steps, true to their extremes: the raw minimum and maximum of each column stay visible as a faint band
/// behind the smoothed line.
public struct LineChart: Sendable {
  public enum Scale: Hashable, Sendable { case linear, logarithmic }
  /// What is behind the smoothed lines.
  public enum Backdrop: Hashable, Sendable, CaseIterable {
    /// From the smallest to the largest value of each column, and the raw line.
    case envelope
    case rawLine
    case nothing
  }

  public var series: [ChartSeries]
  public var marks: [ChartMark]
  public var references: [ChartReference]
  /// What is in view; by default from the first to the last point.
  public var xRange: ClosedRange<Double>?
  public var xScale = Scale.linear
  public var xUnit = ChartUnit.number
  public var yScale: Scale
  /// Weight of the past in the exponential average, from 0 (raw) to 0.999.
  public var smoothing: Double
  /// Whether the y axis spans the 5th to 95th percentile only, so that one spike does not flatten the rest.
  public var robust: Bool
  /// A place on the x axis whose values the legend shows.
  public var cursor: Double?
  /// What the legend calls that place; by default its number.
  public var cursorLabel: String?
  public var backdrop = Backdrop.envelope
  /// Whether there is room for many ticks, as on a full screen.
  public var isDetailed = false

  public init(
    series: [ChartSeries], marks: [ChartMark] = [], references: [(value: Double, label: String)] = [],
    xRange: ClosedRange<Double>? = nil, yScale: Scale = .linear, smoothing: Double = 0, robust: Bool = false,
    cursor: Double? = nil
  ) {
    self.series = series
    self.marks = marks
    self.references = references.map { ChartReference(value: $0.value, label: $0.label) }
    self.xRange = xRange
    self.yScale = yScale
    self.smoothing = smoothing
    self.robust = robust
    self.cursor = cursor
  }
}
