import Telemetry

/// Earlier pictures of one id, with their steps: as even over the run as memory allows.
struct PictureReel: Sendable {
  /// Oldest first, of growing steps; the last is the newest there is.
  private(set) var pictures: [Panel] = []
  private var sizes: [Int] = []
  private var size = 0

  /// Pictures and bytes that are kept at most.
  static let limit = 240
  static let byteLimit = 8 << 20

  mutating func take(_ panel: Panel) {
    // The run went back: what came after is another future.
    while let last = pictures.last, last.step >= panel.step { removeLast() }
    pictures.append(panel)
    sizes.append(panel.content.bytes)
    size += panel.content.bytes
    while pictures.count > 2, pictures.count > Self.limit || size > Self.byteLimit { thin() }
  }

  /// The picture whose step is nearest.
  func nearest(to step: Int) -> Panel? {
    pictures.min { abs($0.step - step) < abs($1.step - step) }
  }

  func index(nearest step: Int) -> Int? {
    pictures.indices.min { abs(pictures[$0].step - step) < abs(pictures[$1].step - step) }
  }

  private mutating func removeLast() {
    pictures.removeLast()
    size -= sizes.removeLast()
  }

  /// Forgets the picture that is missed least: the one whose neighbours are nearest to each other. First and last stay.
  private mutating func thin() {
    let inner = 1..<(pictures.count - 1)
    guard
      let index = inner.min(by: {
        pictures[$0 + 1].step - pictures[$0 - 1].step < pictures[$1 + 1].step - pictures[$1 - 1].step
      })
    else { return }
    pictures.remove(at: index)
    size -= sizes.remove(at: index)
  }
}

extension Panel.Content {
  /// About how many bytes it holds.
  fileprivate var bytes: Int {
    switch self {
    case .points(let points):
      8 * (points.real.count + points.generated.count + (points.manifold?.points.count ?? 0))
        + 4 * ((points.field?.values.count ?? 0) + (points.optimum?.values.count ?? 0))
    case .images(let grid): grid.pixels.count
    case .bars(let bars): 64 * bars.bars.count
    case .text(let lines): lines.reduce(0) { $0 + $1.utf8.count }
    case .layers(let panel): 256 * panel.layers.count
    case .scores(let scores): 16 * scores.real.count
    }
  }

  /// Whether the samples pane shows it; others have panes of their own.
  var isPicture: Bool {
    switch self {
    case .points, .images, .bars, .text: true
    case .layers, .scores: false
    }
  }
}
