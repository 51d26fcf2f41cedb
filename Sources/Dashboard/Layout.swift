import TerminalKit

/// Where everything stands on a screen of a size.
struct Layout: Equatable {
  struct Place: Equatable {
    var pane: Pane
    var rect: Rect
  }

  /// The smallest screen that shows a run.
  static let minimum = Size(width: 40, height: 12)

  var header: Rect
  var banner: Rect
  var panes: [Place]
  var keyLine: Rect

  static func fits(_ size: Size) -> Bool { size.width >= minimum.width && size.height >= minimum.height }

  /// - Parameters:
  ///   - bannerRows: how many rows verdicts ask for; they get at most a sixth of the screen.
  init(size: Size, bannerRows: Int, fullScreen: Pane?) {
    let screen = Rect(x: 0, y: 0, width: size.width, height: size.height)
    let (head, rest) = screen.splitTop(size.height >= 20 ? 3 : 1)
    let (banner, below) = rest.splitTop(min(bannerRows, size.height / 6))
    let (body, keyLine) = below.splitTop(below.height - 1)
    header = head
    self.banner = banner
    self.keyLine = keyLine
    if let fullScreen {
      panes = [Place(pane: fullScreen, rect: body)]
    } else if body.width >= 150, body.height >= 30 {
      panes = Self.wide(body)
    } else if body.width >= 100, body.height >= 28 {
      panes = Self.standard(body)
    } else if body.width >= 72, body.height >= 15 {
      panes = Self.compact(body)
    } else if body.width >= 72 {
      panes = Self.strip(body)
    } else {
      panes = Self.stack(body)
    }
    panes.removeAll { $0.rect.width < 3 || $0.rect.height < 3 }
  }

  /// Three columns, as on 200x50.
  private static func wide(_ body: Rect) -> [Place] {
    let (left, others) = body.splitLeft(body.width * 42 / 100)
    let (middle, right) = others.splitLeft(others.width * 56 / 100)
    let (losses, balance) = left.splitTop(body.height * 54 / 100)
    let (samples, entropy) = middle.splitTop(body.height * 58 / 100)
    let (hyperparameters, log) = right.splitTop(min(body.height / 2, 18))
    return [
      Place(pane: .losses, rect: losses), Place(pane: .samples, rect: samples), Place(pane: .balance, rect: balance),
      Place(pane: .entropy, rect: entropy), Place(pane: .hyperparameters, rect: hyperparameters),
      Place(pane: .log, rect: log),
    ]
  }

  /// Two above three above the log, as on 120x40.
  private static func standard(_ body: Rect) -> [Place] {
    let logRows = max(5, body.height * 16 / 100)
    let (top, rest) = body.splitTop((body.height - logRows) * 56 / 100)
    let (middle, log) = rest.splitTop(rest.height - logRows)
    return pair(top) + triple(middle) + [Place(pane: .log, rect: log)]
  }

  /// Two above three, as on 80x24; the log where there is room.
  private static func compact(_ body: Rect) -> [Place] {
    guard body.height >= 26 else {
      let (top, bottom) = body.splitTop(body.height - max(7, body.height * 45 / 100))
      return pair(top) + triple(bottom)
    }
    let (upper, log) = body.splitTop(body.height - max(4, body.height / 6))
    let (top, bottom) = upper.splitTop(upper.height * 54 / 100)
    return pair(top) + triple(bottom) + [Place(pane: .log, rect: log)]
  }

  private static func pair(_ row: Rect) -> [Place] {
    let (losses, samples) = row.splitLeft(row.width * 60 / 100)
    return [Place(pane: .losses, rect: losses), Place(pane: .samples, rect: samples)]
  }

  private static func triple(_ row: Rect) -> [Place] {
    let (balance, rest) = row.splitLeft(row.width / 3)
    let (entropy, hyperparameters) = rest.splitLeft(rest.width / 2)
    return [
      Place(pane: .balance, rect: balance), Place(pane: .entropy, rect: entropy),
      Place(pane: .hyperparameters, rect: hyperparameters),
    ]
  }

  /// Side by side, for screens of few rows.
  private static func strip(_ body: Rect) -> [Place] {
    let wishes: [(pane: Pane, least: Int)] = [
      (.losses, 34), (.hyperparameters, 28), (.samples, 26), (.balance, 28), (.entropy, 28), (.log, 40),
    ]
    var chosen: [(pane: Pane, least: Int)] = []
    for wish in wishes where chosen.reduce(wish.least, { $0 + $1.least }) <= body.width { chosen.append(wish) }
    chosen.sort { $0.pane.digit < $1.pane.digit }
    let total = max(1, chosen.reduce(0) { $0 + $1.least })
    var rest = body
    return chosen.enumerated().map { index, wish in
      let width = index == chosen.count - 1 ? rest.width : body.width * wish.least / total
      let (left, others) = rest.splitLeft(width)
      rest = others
      return Place(pane: wish.pane, rect: left)
    }
  }

  /// One above the other, for narrow screens.
  private static func stack(_ body: Rect) -> [Place] {
    let wishes: [(pane: Pane, least: Int, weight: Int)] = [
      (.losses, 6, 3), (.hyperparameters, 4, 1), (.samples, 8, 4), (.balance, 7, 2), (.entropy, 7, 2), (.log, 4, 1),
    ]
    var chosen: [(pane: Pane, least: Int, weight: Int)] = []
    for wish in wishes where chosen.reduce(wish.least, { $0 + $1.least }) <= body.height { chosen.append(wish) }
    chosen.sort { $0.pane.digit < $1.pane.digit }
    let spare = body.height - chosen.reduce(0) { $0 + $1.least }
    let weights = max(1, chosen.reduce(0) { $0 + $1.weight })
    var rest = body
    return chosen.enumerated().map { index, wish in
      let rows = index == chosen.count - 1 ? rest.height : wish.least + spare * wish.weight / weights
      let (top, others) = rest.splitTop(rows)
      rest = others
      return Place(pane: wish.pane, rect: top)
    }
  }
}
