import TerminalKit

/// What a person asks of the screen; nil leaves the choice to the terminal.
public struct TerminalOptions: Sendable {
  public var glyphs: GlyphSet?
  public var colors: ColorDepth?
  public var environment: [String: String]
  /// File descriptors of keys and of the screen.
  public var input: Int32
  public var output: Int32

  public init(
    glyphs: GlyphSet? = nil, colors: ColorDepth? = nil, environment: [String: String], input: Int32 = 0,
    output: Int32 = 1
  ) {
    self.glyphs = glyphs
    self.colors = colors
    self.environment = environment
    self.input = input
    self.output = output
  }
}

/// The terminfo entry to open and what the screen can show with it: a pure function of the environment.
public struct TerminalProfile: Hashable, Sendable {
  public var entry: String
  public var capabilities: Capabilities
  /// Whether the terminal can be told that a frame begins and ends.
  public var synchronizesOutput: Bool

  /// Chooses by `TERM`, `COLORTERM`, `NO_COLOR`, `TMUX`, the locale, and what was asked for.
  /// - Parameters:
  ///   - isTerminal: whether both descriptors are terminals.
  ///   - isUTF8: whether the locale's characters are UTF-8.
  ///   - colors: colours of a terminfo entry, nil where there is no such entry.
  public static func choose(
    _ options: TerminalOptions, isTerminal: Bool, isUTF8: Bool, colors: (String) -> Int?
  ) throws(TerminalError) -> TerminalProfile {
    guard isTerminal else { throw .notATerminal }
    let environment = options.environment
    guard let type = environment["TERM"], !type.isEmpty else { throw .noTerminalType }
    guard type != "dumb", type != "unknown" else { throw .tooSimple(type: type) }
    guard let ownColors = colors(type) else { throw .unknownType(type: type) }

    var depth = depth(colors: ownColors)
    var entry = type
    let announced = environment["COLORTERM"].map { $0 == "truecolor" || $0 == "24bit" } ?? false
    let wished = options.colors ?? (environment["NO_COLOR"].map { !$0.isEmpty } ?? false ? .monochrome : .truecolor)
    if wished == .truecolor, depth != .truecolor, announced || options.colors == .truecolor {
      let isInTmux = !(environment["TMUX"] ?? "").isEmpty
      for candidate in directEntries(for: type, isInTmux: isInTmux)
      where Self.depth(colors: colors(candidate) ?? 0) == .truecolor {
        entry = candidate
        depth = .truecolor
        break
      }
    }
    let order: [ColorDepth] = [.monochrome, .ansi16, .indexed256, .truecolor]
    let shown = order.first { $0 == depth || $0 == wished } ?? depth
    return TerminalProfile(
      entry: entry,
      capabilities: Capabilities(glyphs: options.glyphs ?? glyphs(type: type, isUTF8: isUTF8), colors: shown),
      // Terminals of this century skip private modes that they do not know; of older ones that is not certain.
      synchronizesOutput: depth == .truecolor || depth == .indexed256)
  }

  private static func depth(colors: Int) -> ColorDepth {
    switch colors {
    case ..<8: .monochrome
    case ..<256: .ansi16
    case ..<0x1000000: .indexed256
    default: .truecolor
    }
  }

  /// Entries with direct colours that suit a terminal, the best first: those that keep its own 16 colours beside them.
  static func directEntries(for type: String, isInTmux: Bool) -> [String] {
    var base = type
    for suffix in ["-256color", "-color", "-16color", "-88color"] where base.hasSuffix(suffix) {
      base.removeLast(suffix.count)
    }
    var entries = ["\(base)-direct16", "\(base)-direct"]
    if base == "xterm-kitty" { entries.append("kitty-direct") }
    if base == "screen" || isInTmux { entries = isInTmux ? ["tmux-direct"] : [] }
    // These speak xterm's sequences under names of their own.
    let relatives = [
      "xterm", "alacritty", "foot", "kitty", "wezterm", "ghostty", "konsole", "vte", "gnome", "contour", "rio",
    ]
    if relatives.contains(where: base.hasPrefix), !isInTmux { entries += ["xterm-direct16", "xterm-direct"] }
    return entries
  }

  /// Consoles have fonts of 256 or 512 glyphs, without braille; the real VT100 has ASCII.
  private static func glyphs(type: String, isUTF8: Bool) -> GlyphSet {
    let consoles = ["linux", "vt", "ansi", "cons", "cygwin", "sun", "wsvt", "pcansi", "mach", "hurd"]
    let isConsole = consoles.contains { type.hasPrefix($0) } && !type.hasPrefix("vte")
    return isUTF8 && !isConsole ? .braille : .ascii
  }
}
