import CursesTerminal
import Dashboard
import Foundation
import TerminalKit

/// The terminal with its themes: what every full-screen session draws on.
final class Screen {
  let terminal: CursesTerminal
  private let files = ViewFiles()
  private let themes: [String: Theme]
  private var current: Theme
  /// The names of all themes, in the order of the list.
  let themeNames: [String]
  private(set) var settings: Settings
  /// Sentences about files that cannot be used, to be said when there is a place for them.
  private(set) var problems: [String]
  /// What the command line says goes before the settings, and is not kept in their file.
  private let display: DisplayOptions
  private var drawsPixels = false

  /// What woke a session up.
  struct Wake {
    var keys: [Key] = []
    var mouse: [MouseEvent] = []
    var resized = false
    var signals: [Signal] = []
    /// The terminal is gone.
    var isLost = false
  }

  /// - Throws: `TerminalError` where there is no terminal to draw on; a `Failure` for an unknown theme or layout.
  init(_ display: DisplayOptions) throws {
    self.display = display
    (settings, problems) = try display.settings(files)
    let chosen = try display.colors.resolveTheme(files)
    terminal = try CursesTerminal(
      options: TerminalOptions(
        glyphs: settings.glyphs, colors: settings.colors, environment: ProcessInfo.processInfo.environment))
    var (themes, refused) = files.themes()
    problems += refused
    let capabilities = terminal.capabilities
    current = Theme.preferred(for: capabilities)
    if let chosen {
      themes[chosen.name] = chosen
      current = chosen
    } else if !settings.theme.isEmpty {
      do {
        current = try ColorOptions.theme(settings.theme, files, source: "theme")
        themes[current.name] = current
      } catch {
        problems.append("\(files.settings ?? "config.yaml"): \((error as? Failure)?.message ?? "\(error)")")
        settings.theme = ""
      }
    }
    self.themes = themes
    themeNames = themes.keys.sorted()
    if settings.usesMouse { terminal.setMouse(true) }
    if let refusal = usePixels() { problems.append(refusal) }
  }

  var size: Size { terminal.size }

  /// What views may use: no more than the terminal has, nor than the settings say.
  var capabilities: Capabilities {
    var capabilities = terminal.capabilities
    capabilities.drawsPixels = drawsPixels
    if let glyphs = settings.glyphs { capabilities.glyphs = glyphs }
    let order: [ColorDepth] = [.monochrome, .ansi16, .indexed256, .truecolor]
    capabilities.colors = order.first { $0 == capabilities.colors || $0 == settings.colors } ?? capabilities.colors
    return capabilities
  }

  /// Takes up the wish for pixels, as far as the terminal is known to take them.
  /// - Returns: a sentence where that is not so.
  private func usePixels() -> String? {
    let (kind, refusal) = settings.pixels.resolve(
      environment: ProcessInfo.processInfo.environment, cell: terminal.cellPixels)
    terminal.setPixels(kind)
    drawsPixels = kind != nil
    return refusal
  }

  var themeName: String { current.name }
  var theme: Theme { current.adapted(to: capabilities.colors) }

  func nextTheme() {
    let index = (themeNames.firstIndex(of: current.name) ?? -1) + 1
    use(theme: themeNames[index % max(1, themeNames.count)])
  }

  /// Draws with the theme of a name from now on; the one that suits the terminal for an empty one.
  func use(theme name: String) { current = themes[name] ?? Theme.preferred(for: capabilities) }

  /// Takes over settings that a person has changed.
  /// - Returns: a sentence where they cannot be used or could not be kept.
  func take(_ new: Settings) -> String? {
    let isOtherWish = new.pixels != settings.pixels
    settings = new
    let refusal = isOtherWish ? usePixels() : nil
    terminal.setMouse(new.usesMouse)
    terminal.limit(colors: new.colors)
    // What the command line said is for this run only.
    var kept = new
    let stored = files.readSettings().settings
    if display.glyphs.set == new.glyphs, display.glyphs.set != nil { kept.glyphs = stored.glyphs }
    if display.colors.depth == new.colors, display.colors.depth != nil { kept.colors = stored.colors }
    if display.noMouse, !new.usesMouse { kept.usesMouse = stored.usesMouse }
    if display.layout.preset == new.preset, display.layout.preset != nil { kept.preset = stored.preset }
    if let wish = display.pixelWish, wish == new.pixels { kept.pixels = stored.pixels }
    return files.write(kept) ?? refusal
  }

  var remembered: RememberedView { files.readRemembered() }
  func remember(_ view: RememberedView) -> String? { files.write(view) }

  /// Waits for keys, signals or `other`, at most so many seconds.
  func wait(for other: [Int32], seconds: Double?) -> Wake {
    let signals = Process.signals
    let descriptors = [terminal.inputDescriptor] + other + (signals.map { [$0.fileDescriptor] } ?? [])
    let milliseconds = seconds.map { Int(($0 * 1000).rounded(.up)) }
    let ready = FileDescriptors.wait(for: descriptors, timeoutMilliseconds: milliseconds)
    var wake = Wake()
    for signal in signals?.pending() ?? [] {
      switch signal {
      case .windowChanged: wake.resized = terminal.resize() || wake.resized
      case .stop: suspend()
      case .continued:
        terminal.reinstate()
        wake.resized = true
      case .interrupt: wake.keys.append(.control("c"))
      case .terminate, .hangup: wake.signals.append(signal)
      }
    }
    if ready.contains(terminal.inputDescriptor) {
      wake.isLost = terminal.isGone
      if !wake.isLost {
        wake.keys += terminal.readKeys()
        wake.mouse = terminal.takeMouse()
      }
    }
    return wake
  }

  /// Shows a frame.
  /// - Returns: the same for a recording, which has characters alone.
  func draw(_ state: DashboardState, isRecorded: Bool) -> CellBuffer {
    var capabilities = capabilities
    let frame = state.view(size: size, theme: theme, capabilities: capabilities)
    terminal.draw(frame)
    guard isRecorded, capabilities.drawsPixels else { return frame }
    capabilities.drawsPixels = false
    return state.view(size: size, theme: theme, capabilities: capabilities)
  }

  /// Puts the settings, the themes and what was remembered into a dashboard's state, and says what of the files could
  /// not be used.
  func prepare(_ state: inout DashboardState) {
    state.apply(settings)
    state.offer(themes: themeNames, current: themeName)
    state.apply(remembered)
    // A sentence is shown for some seconds from now on.
    _ = state.update(.tick(Self.now()))
    for problem in problems { state.warn(problem) }
  }

  /// Does what an effect asks of the terminal and of the files of settings.
  /// - Returns: whether all is to be drawn again; nil for an effect that asks something else.
  func perform(_ effect: Effect, _ state: inout DashboardState) -> Bool? {
    switch effect {
    case .bell: terminal.ring()
    case .notify(let text): terminal.notify(text)
    case .copy(let text): terminal.copy(text)
    case .suspend: suspend()
    case .remember: if let problem = remember(state.remembered) { state.warn(problem) }
    case .redraw:
      terminal.redraw()
      return true
    case .nextTheme:
      nextTheme()
      return true
    case .theme(let name):
      use(theme: name)
      return true
    case .save(let settings):
      if let problem = take(settings) { state.warn(problem) }
      return true
    case .send, .quit, .trainOnDrawing, .detach, .listRuns, .loadRun: return nil
    }
    return false
  }

  /// Seconds of a clock that only goes on.
  static func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }

  /// CPU seconds of this thread.
  static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Gives the terminal to the shell until the process continues.
  func suspend() { terminal.suspend() }
}
