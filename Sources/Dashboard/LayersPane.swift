import Foundation
import Telemetry
import TerminalKit

extension DashboardState {
  var layersPanel: LayersPanel? {
    for panel in panels { if case .layers(let layers) = panel.content { return layers } }
    return nil
  }

  var scoresPanel: ScoresPanel? {
    for panel in panels { if case .scores(let scores) = panel.content { return scores } }
    return nil
  }
}

extension Painter {
  /// Norms and histograms by layer: a row each.
  mutating func drawLayers(_ rect: Rect, _ state: DashboardState) {
    let step = state.panels.first { $0.id == Panel.layers }?.step
    let inside = pane(.layers, rect, trailing: step.map { "step \(grouped($0))" } ?? "", state: state)
    guard !inside.isEmpty else { return }
    guard let panel = state.layersPanel, !panel.layers.isEmpty else {
      let words = state.isOver && !state.isOpen ? "not measured in this run" : "measuring the layers"
      writeCentered(words, in: inside, y: inside.y + inside.height / 2, style: theme.faint)
      return
    }
    let columns = LayerColumns(width: inside.width, names: panel.layers.map(\.name))
    drawLayerHead(columns, in: inside)
    var y = inside.y + 1
    var player = ""
    for layer in panel.layers.dropFirst(min(state.lab.firstLayer, panel.layers.count - 1)) {
      if layer.player != player {
        guard y < inside.maxY else { break }
        player = layer.player
        let sum = panel.layers.filter { $0.player == player }.reduce(0) { $0 + $1.parameters }
        write("\(player), \(grouped(sum)) parameters", x: inside.x, y: y, width: inside.width, style: theme.title)
        y += 1
      }
      guard y < inside.maxY else { break }
      draw(layer, columns, x: inside.x, y: y)
      y += 1
    }
  }

  private mutating func drawLayerHead(_ columns: LayerColumns, in rect: Rect) {
    func head(_ text: String, _ place: (x: Int, width: Int)) {
      guard place.width > 0 else { return }
      writeRight(text, maxX: rect.x + place.x + place.width, y: rect.y, width: place.width, style: theme.faint)
    }
    write("layer", x: rect.x, y: rect.y, width: columns.name.width, style: theme.faint)
    head("weights", columns.count)
    head("|w|", columns.weight)
    head("|grad|", columns.gradient)
    head("|step|/|w|", columns.ratio)
    if columns.histogram.width > 0 {
      write(
        "w, -max to max", x: rect.x + columns.histogram.x, y: rect.y, width: columns.histogram.width,
        style: theme.faint)
    }
  }

  private mutating func draw(_ layer: LayersPanel.Layer, _ columns: LayerColumns, x: Int, y: Int) {
    write(" " + layer.name, x: x, y: y, width: columns.name.width, style: theme.text)
    func number(_ value: Double?, _ place: (x: Int, width: Int), _ style: Style) {
      guard place.width > 0 else { return }
      writeRight(
        value.map(formatted) ?? "not finite", maxX: x + place.x + place.width, y: y, width: place.width,
        style: value == nil ? theme.critical : style)
    }
    if columns.count.width > 0 {
      writeRight(
        grouped(layer.parameters), maxX: x + columns.count.x + columns.count.width, y: y, width: columns.count.width,
        style: theme.faint)
    }
    number(layer.weightNorm, columns.weight, theme.value)
    number(layer.gradientNorm, columns.gradient, layer.gradientNorm == 0 ? theme.warning : theme.value)
    // A thousandth is usual; a tenth of a layer in one update, or nothing at all, is not.
    let isOdd = layer.updateRatio.map { $0 > 0.1 || $0 < 1e-7 } ?? false
    number(layer.updateRatio, columns.ratio, isOdd ? theme.warning : theme.value)
    guard columns.histogram.width > 0 else { return }
    let color = layer.player.hasPrefix("g") ? theme.generated : theme.real
    Histogram(layer.histogram, color: color).draw(
      in: Rect(x: x + columns.histogram.x, y: y, width: columns.histogram.width, height: 1), into: &buffer,
      theme: theme, capabilities: capabilities)
  }
}

/// Where the columns of the layers pane stand, those that matter least left out where there is no room.
private struct LayerColumns {
  var name = (x: 0, width: 0)
  var count = (x: 0, width: 0)
  var weight = (x: 0, width: 0)
  var gradient = (x: 0, width: 0)
  var ratio = (x: 0, width: 0)
  var histogram = (x: 0, width: 0)

  init(width: Int, names: [String]) {
    let longest = (names.map(\.columns).max() ?? 0) + 1
    let numbers = 9
    // What is left for the name decides what else has room.
    var wanted: [WritableKeyPath<LayerColumns, (x: Int, width: Int)>] = [\.ratio, \.gradient, \.weight]
    var sizes = [11, numbers, numbers]
    let histogram = min(32, max(0, width - min(longest, 24) - 32))
    if histogram >= 8 {
      wanted.append(\.histogram)
      sizes.append(histogram)
    }
    if width - sizes.reduce(wanted.count, +) - min(longest, 24) >= 11 {
      wanted.append(\.count)
      sizes.append(10)
    }
    while !wanted.isEmpty, width - sizes.reduce(wanted.count, +) < 8 {
      wanted.removeLast()
      sizes.removeLast()
    }
    let order: [WritableKeyPath<LayerColumns, (x: Int, width: Int)>] = [
      \.count, \.weight, \.gradient, \.ratio, \.histogram,
    ]
    name.width = min(longest, width - sizes.reduce(wanted.count, +))
    var x = name.width
    for path in order {
      guard let index = wanted.firstIndex(of: path) else { continue }
      self[keyPath: path] = (x + 1, sizes[index])
      x += sizes[index] + 1
    }
  }
}
