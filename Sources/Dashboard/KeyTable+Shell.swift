import TerminalKit

/// The keys of layouts, lists, the palette and the filter.
extension KeyTable {
  static let shellPanels: [KeyBinding] =
    Pane.allCases.compactMap { pane in
      "\(pane.digit)".first.map {
        KeyBinding([.character($0)], .togglePane(pane), .panels, "turn that panel on or off")
      }
    } + [
      KeyBinding([.character("P")], .nextPreset, .panels, short: "preset", "the next layout"),
      KeyBinding([.character("|")], .moveBorders, .panels, "move its borders by the arrows"),
      KeyBinding([.character("f")], .freeze, .panels, short: "freeze", "freeze the view, not the run"),
      KeyBinding([.character("/")], .filterMetrics, .charts, short: "filter", "show only metrics that match"),
      KeyBinding([.character("V")], .copyValue, .panels, "copy the value to the clipboard"),
    ]

  static let shell: [KeyBinding] = [
    KeyBinding(
      [.character(":"), .control("p")], .palette, .program, short: "command", "type a command; tab completes it"),
    KeyBinding([.character("O")], .options, .program, short: "options", "all settings"),
    KeyBinding([.character("T")], .themeList, .program, "choose a theme, seen at once"),
  ]

  private static func layer(
    _ layer: Layer, _ keys: [Key], _ action: LayerAction, short: String = "", _ help: String
  ) -> KeyBinding {
    KeyBinding(keys, .layer(action), in: .layer(layer), .layers, short: short, help)
  }

  static let layers: [KeyBinding] =
    [
      layer(.palette, [.enter], .accept, short: "do it", "a command: do it"),
      layer(.palette, [.tab], .complete, short: "complete", "a command: complete it"),
      layer(.palette, [.up], .up, short: "earlier", "a command: an earlier one"),
      layer(.palette, [.down], .down, "a command: a later one"),
      layer(.palette, [.escape], .cancel, short: "cancel", "a command: leave it"),
    ]
    + [
      ([Key.backspace, .delete], LayerAction.erase, "a text: erase"),
      ([.control("w"), .pageUp], .eraseWord, "a text: erase a word"),
      ([.control("u"), .home], .eraseAll, "a text: erase all"),
    ].flatMap { keys, action, help in
      [Layer.palette, .filter, .search].map { layer($0, keys, action, help) }
    }
    + [
      layer(.filter, [.enter], .accept, short: "keep", "the filter: keep it"),
      layer(.filter, [.escape], .cancel, short: "show all", "the filter: show all again"),
      layer(.search, [.enter], .accept, short: "keep", "the help's search: keep it"),
      layer(.search, [.escape], .cancel, short: "all keys", "the help's search: all keys"),
      layer(.themes, [.up, .character("k")], .up, short: "choose", "a theme: the one above"),
      layer(.themes, [.down, .character("j")], .down, "a theme: the one below"),
      layer(.themes, [.home], .first, "a theme: the first"),
      layer(.themes, [.end], .last, "a theme: the last"),
      layer(.themes, [.enter], .accept, short: "keep", "a theme: keep it"),
      layer(.themes, [.escape, .character("q"), .character("T")], .cancel, short: "back", "a theme: as before"),
      layer(.options, [.up, .character("k")], .up, short: "choose", "settings: the one above"),
      layer(.options, [.down, .character("j")], .down, "settings: the one below"),
      layer(.options, [.home], .first, "settings: the first"),
      layer(.options, [.end], .last, "settings: the last"),
      layer(.options, [.left, .character("h")], .left, short: "change", "settings: the value before"),
      layer(
        .options, [.right, .character("l"), .character(" "), .enter], .right, "settings: the next value"),
      layer(.options, [.backspace, .delete], .reset, short: "standard", "settings: the standard value"),
      layer(.options, [.escape, .character("q"), .character("O")], .cancel, short: "back", "settings: close"),
      layer(.borders, [.left, .character("h")], .left, short: "move", "borders: to the left"),
      layer(.borders, [.right, .character("l")], .right, "borders: to the right"),
      layer(.borders, [.up, .character("k")], .up, "borders: up"),
      layer(.borders, [.down, .character("j")], .down, "borders: down"),
      layer(.borders, [.tab], .complete, short: "panel", "borders: of the next panel"),
      layer(.borders, [.backspace, .delete], .reset, short: "standard", "borders: the preset's own"),
      layer(.borders, [.escape, .enter, .character("q"), .character("|")], .accept, short: "done", "borders: done"),
    ]
}
