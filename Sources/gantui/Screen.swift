import CursesTerminal
import Dashboard
import Foundation
import TerminalKit

/// The terminal with its themes: what every full-screen session draws on.
final class Screen {
  let terminal: CursesTerminal
  private var themes: [Theme]
  private var current = 0

  /// What woke a session up.
  struct Wake {
    var keys: [Key] = []
    var resized = false
    var signals: [Signal] = []
    /// The terminal is gone.
    var isLost = false
  }

  /// - Throws: `TerminalError` where there is no terminal to draw on; a `Failure` for an unknown theme.
  init(_ display: DisplayOptions) throws {
    let chosen = try display.resolveTheme()
    terminal = try CursesTerminal(
      options: TerminalOptions(
        glyphs: display.glyphs.set, environment: ProcessInfo.processInfo.environment))
    let capabilities = terminal.capabilities
    let first = chosen?.adapted(to: capabilities.colors) ?? Theme.preferred(for: capabilities)
    let others = Theme.builtIn.sorted { $0.key < $1.key }.map { $0.value.adapted(to: capabilities.colors) }
    themes = [first] + others.filter { $0 != first }
  }

  var size: Size { terminal.size }
  var capabilities: Capabilities { terminal.capabilities }
  var theme: Theme { themes[current] }

  func nextTheme() { current = (current + 1) % themes.count }

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
      if !wake.isLost { wake.keys += terminal.readKeys() }
    }
    return wake
  }

  /// Gives the terminal to the shell until the process continues.
  func suspend() { terminal.suspend() }
}
