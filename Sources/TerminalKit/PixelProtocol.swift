import CChafa

/// How a terminal takes pictures as pixels.
public enum PixelProtocol: String, Sendable, CaseIterable { case kitty, sixel }

/// The size of a cell in a terminal's pixels.
public struct CellPixels: Hashable, Sendable {
  public var width: Int
  public var height: Int
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}

/// Whether a person wants pictures as pixels, and how.
public enum PixelWish: String, Sendable, CaseIterable {
  case off, auto, kitty, sixel

  /// The protocol that a terminal is to be spoken to in; nil for pictures in characters.
  ///
  /// tmux and screen keep pictures to themselves or print them as garbage, so that they are asked for none.
  /// - Parameters:
  ///   - environment: of the process, which tells the terminal.
  ///   - cell: what the terminal says of its cells; sixel pictures are made for them.
  /// - Returns: the protocol, and a sentence where a wish cannot be granted.
  public func resolve(
    environment: [String: String], cell: CellPixels?
  ) -> (kind: PixelProtocol?, refusal: String?) {
    let type = environment["TERM"] ?? ""
    let multiplexer =
      !(environment["TMUX"] ?? "").isEmpty || type.hasPrefix("tmux")
      ? "tmux" : !(environment["STY"] ?? "").isEmpty || type.hasPrefix("screen") ? "screen" : nil
    switch self {
    case .off: return (nil, nil)
    case .auto:
      guard multiplexer == nil, let known = Self.known(environment), known == .kitty || cell != nil else {
        return (nil, nil)
      }
      return (known, nil)
    case .kitty, .sixel:
      if let multiplexer {
        return (nil, "pixels: \(multiplexer) passes no \(rawValue) pictures on; they stay in characters")
      }
      if self == .sixel, cell == nil {
        return (nil, "pixels: this terminal does not tell the size of its cells, which sixel needs")
      }
      return (self == .kitty ? .kitty : .sixel, nil)
    }
  }

  /// What libchafa knows of a terminal.
  private static func known(_ environment: [String: String]) -> PixelProtocol? {
    // Younger than Debian's libchafa.
    if environment["TERM"] == "xterm-ghostty" { return .kitty }
    let names = ["TERM", "TERM_PROGRAM", "COLORTERM", "VTE_VERSION", "XTERM_VERSION", "LC_TERMINAL", "MLTERM"]
    var variables = names.compactMap { name in environment[name].map { strdup("\(name)=\($0)") } } + [nil]
    defer { for variable in variables { free(variable) } }
    return variables.withUnsafeMutableBufferPointer { variables in
      guard let terminal = chafa_term_db_detect(chafa_term_db_get_default(), variables.baseAddress) else { return nil }
      defer { chafa_term_info_unref(terminal) }
      if chafa_term_info_have_seq(terminal, CHAFA_TERM_SEQ_BEGIN_KITTY_IMMEDIATE_IMAGE_V1) != 0 { return .kitty }
      return chafa_term_info_have_seq(terminal, CHAFA_TERM_SEQ_BEGIN_SIXELS) != 0 ? .sixel : nil
    }
  }
}
