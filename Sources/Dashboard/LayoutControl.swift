import TerminalKit

/// Which panes are shown, and where.
extension DashboardState {
  /// The layout that a room gets: the preset's for its size, as a person changed it.
  func layoutTree(for room: Size) -> LayoutTree {
    let (key, tree) = layoutEntry(for: room)
    return shell.customLayouts[key] ?? tree
  }

  private func layoutEntry(for room: Size) -> (key: String, tree: LayoutTree) {
    guard let preset = shell.presets.first(where: { $0.name == shell.preset }) ?? Preset.builtIn.first else {
      return ("", .pane(.losses, .normal))
    }
    let index = preset.variant(for: room)
    return ("\(preset.name)/\(index)", preset.variants[index].tree)
  }

  /// Where everything stands on a screen of a size; `bannerRows` nil counts those of the state.
  func layout(size: Size, bannerRows: Int? = nil) -> Layout {
    let rows = bannerRows ?? Painter.ruler.bannerLines(self, width: size.width).count
    return Layout(size: size, bannerRows: rows, fullScreen: fullScreen, tree: layoutTree)
  }

  /// The room below the header, which decides about the variant of a preset.
  private var room: Size {
    Size(width: size.width, height: max(0, size.height - (size.height >= 20 ? 3 : 1) - 1))
  }

  private mutating func changeLayout(_ change: (inout LayoutTree) -> Void) -> [Effect] {
    let (key, standard) = layoutEntry(for: room)
    var tree = shell.customLayouts[key] ?? standard
    change(&tree)
    shell.customLayouts[key] = tree == standard ? nil : tree
    keepFocusVisible()
    return [.remember]
  }

  /// Turns a panel on or off. One that has no room is shown instead of the least important one.
  mutating func toggle(_ pane: Pane) -> [Effect] {
    if let fullScreen {
      // Another digit changes what fills the screen; its own gives the others back.
      fill(with: fullScreen == pane ? nil : pane)
      return []
    }
    let places = layout(size: size).panes
    let isSeen = places.contains { $0.pane == pane }
    if isSeen, places.count == 1 {
      say("\(pane.title) is the only panel", .warning)
      return []
    }
    let largest = places.max { $0.rect.width * $0.rect.height < $1.rect.width * $1.rect.height }
    let effects = changeLayout { tree in
      if isSeen {
        tree.set(.hidden, for: pane)
      } else if let wish = tree.wish(for: pane) {
        // Hidden ones come back as they were; those without room are wanted from now on.
        tree.set(wish == .hidden ? .normal : .wanted, for: pane)
      } else if let largest {
        // A cell is about twice as high as wide.
        let isWide = largest.rect.width > 2 * largest.rect.height
        tree.insert(pane, at: largest.pane, isWide ? .columns : .rows)
      }
    }
    if !isSeen, !layout(size: size).panes.contains(where: { $0.pane == pane }) {
      _ = changeLayout { $0.set(.wanted, for: pane) }
    }
    let isThere = layout(size: size).panes.contains { $0.pane == pane }
    if !isSeen, isThere { focus = pane }
    keepFocusVisible()
    say(isThere == isSeen ? "\(pane.title) has no room on this screen" : "\(pane.title) is \(isThere ? "on" : "off")")
    return effects
  }

  /// Shows a layout in the place of the preset's for this size.
  mutating func use(_ tree: LayoutTree) -> [Effect] {
    fullScreen = nil
    return changeLayout { $0 = tree }
  }

  mutating func nextPreset() -> [Effect] {
    let names = shell.presets.map(\.name)
    guard !names.isEmpty else { return [] }
    let index = (names.firstIndex(of: shell.preset) ?? -1) + 1
    return usePreset(names[index % names.count])
  }

  mutating func usePreset(_ name: String) -> [Effect] {
    guard let preset = shell.presets.first(where: { $0.name == name }) else { return [] }
    shell.preset = name
    fullScreen = nil
    keepFocusVisible()
    say("layout \(name): \(preset.explanation)")
    return [.remember]
  }

  /// The focus must be seen; where nothing is, it waits for more room.
  mutating func keepFocusVisible() {
    let panes = layout(size: size).panes.map(\.pane)
    if let first = panes.first, !panes.contains(focus) {
      focus = panes.contains(.hyperparameters) ? .hyperparameters : first
    }
  }

  // MARK: borders

  mutating func beginMovingBorders() {
    guard fullScreen == nil, !layout(size: size).borders.isEmpty else {
      say("there is no border to move", .warning)
      return
    }
    shell.isMovingBorders = true
  }

  mutating func pressBorders(_ action: LayerAction) -> [Effect] {
    switch action {
    case .left: return moveBorder(.columns, by: -2)
    case .right: return moveBorder(.columns, by: 2)
    case .up: return moveBorder(.rows, by: -1)
    case .down: return moveBorder(.rows, by: 1)
    case .complete: moveFocus(1)
    case .reset:
      let key = layoutEntry(for: room).key
      shell.customLayouts[key] = nil
      keepFocusVisible()
      say("the layout is \(shell.preset)'s own again")
      return [.remember]
    default: shell.isMovingBorders = false
    }
    return []
  }

  /// Moves the border behind the focused panel, or where it is the last one, the border before it.
  private mutating func moveBorder(_ axis: LayoutTree.Axis, by cells: Int) -> [Effect] {
    let layout = self.layout(size: size)
    guard let place = layout.panes.first(where: { $0.pane == focus })?.rect else { return [] }
    func holds(_ rect: Rect) -> Bool { rect.intersection(place) == place }
    // The innermost split comes last.
    let own = layout.borders.filter { $0.axis == axis }
    guard let border = own.last(where: { holds($0.beforeRect) }) ?? own.last(where: { holds($0.afterRect) }) else {
      say("\(focus.title) has no border in that direction", .warning)
      return []
    }
    return move(border, by: cells)
  }

  mutating func move(_ border: LayoutBorder, by cells: Int) -> [Effect] {
    let weights = border.weights(movedBy: cells)
    return changeLayout { $0.setWeights(weights, at: border.path[...]) }
  }
}
