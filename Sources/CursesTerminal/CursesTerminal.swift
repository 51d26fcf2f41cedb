import CCurses
import CScheduling
import CSignals
import Glibc
import TerminalKit

/// The screen and the keyboard by way of ncurses; to be used from one thread, one at a time in a process.
///
/// The terminal is given back by `close`, when the object goes, at `exit`, and when the program crashes.
public final class CursesTerminal {
  public let profile: TerminalProfile
  public var capabilities: Capabilities { profile.capabilities }
  /// The size of the screen, at least 1x1; changed by `resize`.
  public private(set) var size: Size

  private let input: Int32
  private let output: Int32
  private var screen: OpaquePointer?
  private var files: [UnsafeMutablePointer<FILE>] = []
  /// Keys are read from a pad: reading from the screen's window would also draw it.
  private var keyboard: UnsafeMutablePointer<WINDOW>?
  private var painter: CellPainter
  private let collector = FrameCollector()
  private var decoder = KeyDecoder()
  /// Pictures as pixels; nil while they are drawn in characters.
  private var pixels: PixelPainter?
  /// Whether the terminal reports what the mouse does.
  public private(set) var reportsMouse = false
  /// What the screen shows, nil where that is not known.
  private var shown: CellBuffer?
  private var last: CellBuffer?

  /// Larger than any screen, small enough for any memory.
  private static let largest = Size(width: 2048, height: 1024)

  /// Opens the screen.
  /// - Throws: `TerminalError` where there is no terminal that could show one; nothing has been written to it then.
  public init(options: TerminalOptions) throws(TerminalError) {
    let isUTF8 = Self.setCharacterSet(options)
    profile = try TerminalProfile.choose(
      options, isTerminal: isatty(options.input) != 0 && isatty(options.output) != 0, isUTF8: isUTF8,
      colors: { name in
        let colors = curses_entry_colors(name, options.output)
        return colors < 0 ? nil : Int(colors)
      })
    input = options.input
    output = options.output
    size = Size(width: 1, height: 1)
    painter = CellPainter(colors: profile.capabilities.colors, isUTF8: isUTF8)
    try open(type: options.environment["TERM"] ?? profile.entry)
    // Whoever opens the screen waits for keys, while training keeps all cores busy.
    scheduling_take_turns(200)
  }

  deinit { close() }

  /// Sets the locale of characters, and only that: a decimal comma would break every file that is written.
  private static func setCharacterSet(_ options: TerminalOptions) -> Bool {
    func isUTF8() -> Bool { String(cString: nl_langinfo(Int32(CODESET))).uppercased() == "UTF-8" }
    let environment = options.environment
    let name = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let isAnnounced = name.uppercased().contains("UTF-8") || name.uppercased().contains("UTF8")
    if setlocale(LC_CTYPE, name) != nil, isUTF8() { return true }
    // The locale is not installed, or glyphs were asked for that no other character set has.
    if isAnnounced || (options.glyphs ?? .ascii) != .ascii, setlocale(LC_CTYPE, "C.UTF-8") != nil { return isUTF8() }
    return false
  }

  private func open(type: String) throws(TerminalError) {
    for (descriptor, mode) in [(output, "w"), (input, "r")] {
      guard let file = fdopen(dup(descriptor), mode) else {
        closeFiles()
        throw .system(call: "fdopen", code: errno)
      }
      files.append(file)
    }
    guard crash_restoration_save_modes(input) == 0 else {
      closeFiles()
      throw .system(call: "tcgetattr", code: errno)
    }
    // Curses would install handlers of its own: signals are events here.
    signals_save_dispositions()
    set_escdelay(25)
    use_env(true)
    screen = newterm(profile.entry, files[0], files[1])
    signals_restore_dispositions()
    guard screen != nil else {
      closeFiles()
      throw .tooSimple(type: type)
    }
    armCrashRestoration()
    cbreak()
    noecho()
    nonl()
    curs_set(0)
    typeahead(-1)
    curses_free_control_keys(input)
    if let window = curses_screen_window() {
      leaveok(window, true)
      scrollok(window, false)
      idlok(window, false)
    }
    keyboard = newpad(1, 1)
    if let keyboard {
      keypad(keyboard, true)
      nodelay(keyboard, true)
    }
    // The mouse's reports come character by character, whatever terminfo says of them.
    define_key(nil, KEY_MOUSE)
    for (sequence, code) in KeyDecoder.extraSequences where key_defined(sequence) == 0 { define_key(sequence, code) }
    painter.start()
    size = Self.clamped(width: Int(curses_columns()), height: Int(curses_rows()))
    resize()
  }

  // MARK: the mouse

  /// Buttons, motion while one is down, and reports in decimal numbers (xterm's modes 1000, 1002 and 1006).
  private static let mouseOn = "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h"
  private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l"

  /// Whether the terminal has a mouse: its entry says so, and it is no console, which would show the sequences.
  private var hasMouse: Bool {
    curses_string("kmous") != nil && !["linux", "vt", "ansi", "cons"].contains { profile.entry.hasPrefix($0) }
  }

  /// Asks the terminal for what the mouse does, or no longer.
  public func setMouse(_ isOn: Bool) {
    guard screen != nil, isOn != reportsMouse, !isOn || hasMouse else { return }
    reportsMouse = isOn
    write(isOn ? Self.mouseOn : Self.mouseOff)
  }

  /// Lets the shell have the mouse while it has the terminal.
  private func pauseMouse() { if reportsMouse { write(Self.mouseOff) } }
  private func resumeMouse() { if reportsMouse { write(Self.mouseOn) } }

  // MARK: the clipboard and colours

  /// Puts a text on the clipboard of the terminal, where it lets programs do that.
  public func copy(_ text: String) {
    guard screen != nil else { return }
    write(Clipboard.sequence(for: text))
  }

  /// Rings the bell.
  public func ring() {
    guard screen != nil else { return }
    write("\u{7}")
  }

  /// Tells the desktop a sentence by OSC 9, where the terminal passes that on; control characters are left out.
  public func notify(_ text: String) {
    guard screen != nil else { return }
    let plain = text.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    write("\u{1B}]9;\(String(String.UnicodeScalarView(plain.prefix(200))))\u{7}")
  }

  /// Shows no more colours than these from now on; nil for as many as there are.
  public func limit(colors: ColorDepth?) {
    let order: [ColorDepth] = [.monochrome, .ansi16, .indexed256, .truecolor]
    let own = profile.capabilities.colors
    let depth = order.first { $0 == own || $0 == colors } ?? own
    guard depth != painter.depth else { return }
    painter.depth = depth
    redraw()
  }

  // MARK: pixels

  /// The size of a cell in pixels, where the terminal tells it.
  public var cellPixels: CellPixels? {
    var (high, wide, rows, columns): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    guard curses_window_pixels(output, &high, &wide), curses_window_size(output, &rows, &columns) else { return nil }
    let cell = CellPixels(width: Int(wide / columns), height: Int(high / rows))
    return (1...128).contains(cell.width) && (1...256).contains(cell.height) ? cell : nil
  }

  /// Shows the pictures of frames as pixels from the next frame on, or no longer.
  public func setPixels(_ kind: PixelProtocol?) {
    guard screen != nil, kind != pixels?.kind else { return }
    write(pixels?.removal() ?? "")
    pixels = kind.map { PixelPainter($0, cell: cellPixels) }
    armCrashRestoration()
  }

  /// Lets the shell have a screen without pictures.
  private func removePictures() { write(pixels?.removal() ?? "") }

  private func closeFiles() {
    for file in files { fclose(file) }
    files = []
  }

  private func armCrashRestoration() {
    var bytes: [CChar] = profile.synchronizesOutput ? Self.bytes("\u{1B}[?2026l") : []
    // Whether or not it was asked for: to turn off what is off does no harm.
    if hasMouse { bytes += Self.bytes(Self.mouseOff) }
    if let pixels { bytes += Self.bytes(PixelPainter.removal(of: pixels.kind)) }
    for capability in ["sgr0", "op", "cnorm", "rmkx", "rmcup"] {
      if let string = curses_string(capability) { bytes += Self.withoutDelays(string) }
    }
    _ = crash_restoration_arm(bytes, bytes.count)
  }

  private static func bytes(_ text: String) -> [CChar] { text.utf8.map { CChar(bitPattern: $0) } }

  /// A terminfo string without its `$<...>` delays, which only `tputs` understands.
  private static func withoutDelays(_ string: UnsafePointer<CChar>) -> [CChar] {
    var rest = Substring(String(cString: string))
    var text = ""
    while let start = rest.firstRange(of: "$<") {
      text += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: ">") else { break }
      rest = rest[rest.index(after: end)...]
    }
    return bytes(text + rest)
  }

  private static func clamped(width: Int, height: Int) -> Size {
    Size(width: min(max(1, width), largest.width), height: min(max(1, height), largest.height))
  }

  // MARK: drawing

  /// Shows a frame, writing only what changed; a frame of another size is cut off or leaves the rest empty.
  public func draw(_ buffer: CellBuffer) {
    guard screen != nil, let window = curses_screen_window() else { return }
    last = buffer
    let isRepainted = shown == nil
    if isRepainted || shown?.size != buffer.size { werase(window) }
    let isChanged = painter.paint(buffer, over: shown, on: window, size: size) || isRepainted
    let pictures = pixels?.sequence(after: buffer, isRepainted: isRepainted) ?? ""
    guard isChanged || !pictures.isEmpty else { return }
    shown = buffer
    wnoutrefresh(window)
    let (begin, end) = profile.synchronizesOutput ? ("\u{1B}[?2026h", "\u{1B}[?2026l") : ("", "")
    // An update right after `endwin` would set the terminal's modes by that descriptor.
    guard let collector, let file = files.first, !isendwin() else {
      write(begin)
      doupdate()
      return write(pictures + end)
    }
    let frame = collector.collect(from: fileno(file), of: output) { _ = doupdate() }
    write(Array(begin.utf8) + (frame ?? []) + Array((pictures + end).utf8))
  }

  private func write(_ text: String) { write(Array(text.utf8)) }

  private func write(_ bytes: [UInt8]) {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Paints the whole last frame anew, over whatever another program left on the screen.
  public func redraw() {
    guard screen != nil else { return }
    shown = nil
    if let current = curses_current_screen() { clearok(current, true) }
    if let last { draw(last) }
  }

  // MARK: keys

  /// Takes the keys that were pressed since the last call, without waiting.
  public func readKeys() -> [Key] {
    guard let keyboard, !isGone else { return [] }
    var keys: [Key] = []
    // A bound, so that a paste of a million characters cannot hold up a frame.
    while keys.count < 256 {
      var scalar: wint_t = 0
      let kind = wget_wch(keyboard, &scalar)
      if kind == KEY_CODE_YES {
        keys += decoder.read(code: Int32(truncatingIfNeeded: scalar))
      } else if kind == OK {
        keys += decoder.read(scalar: UInt32(scalar))
      } else {
        break
      }
    }
    return keys + decoder.end()
  }

  /// What the mouse did until the last `readKeys`.
  public func takeMouse() -> [MouseEvent] { decoder.takeMouse() }

  /// The descriptor to wait on for keys.
  public var inputDescriptor: Int32 { input }

  /// Whether the terminal went away: a closed window, a lost connection.
  public var isGone: Bool { FileDescriptors.isGone(input) || FileDescriptors.isGone(output) }

  // MARK: changes of state

  /// Takes over the terminal's size after a `.windowChanged`.
  /// - Returns: whether it is another one.
  @discardableResult
  public func resize() -> Bool {
    guard screen != nil else { return false }
    var (rows, columns): (Int32, Int32) = (0, 0)
    guard curses_window_size(output, &rows, &columns) else { return false }
    let new = Self.clamped(width: Int(columns), height: Int(rows))
    guard new != size || new.height != Int(curses_rows()) || new.width != Int(curses_columns()) else { return false }
    resizeterm(Int32(new.height), Int32(new.width))
    size = new
    // A font of another size is a resize too.
    if let cell = cellPixels { pixels?.cell = cell }
    // Terminals move their lines when they change: nothing on the screen is certain.
    shown = nil
    if let current = curses_current_screen() { clearok(current, true) }
    return true
  }

  /// Gives the terminal back and stops the process, as Ctrl-Z asks; returns when it goes on, with the screen restored.
  public func suspend() {
    guard screen != nil else { return }
    pauseMouse()
    removePictures()
    endwin()
    signals_stop_process()
    reinstate()
  }

  /// Takes the screen again after something else used it, such as when `.continued` comes without a `suspend`.
  public func reinstate() {
    guard screen != nil else { return }
    endwin()
    // The first update after `endwin` brings modes, keypad and alternate screen back.
    if let current = curses_current_screen() { clearok(current, true) }
    doupdate()
    curs_set(0)
    resumeMouse()
    resize()
    redraw()
  }

  /// Gives the terminal back; later calls do nothing.
  public func close() {
    guard let screen else { return }
    pauseMouse()
    removePictures()
    endwin()
    crash_restoration_disarm()
    if let keyboard { delwin(keyboard) }
    keyboard = nil
    delscreen(screen)
    self.screen = nil
    closeFiles()
  }
}
