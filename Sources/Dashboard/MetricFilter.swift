import Telemetry
import TerminalKit

/// Which metrics charts and rows show: those whose name or title has a text in it, or matches `/a regular expression/`.
struct MetricFilter: Sendable, Equatable {
  var text = ""
  var isTyping = false
  /// Why the expression cannot be used; it is taken as a text then.
  private(set) var problem: String?
  /// The metrics that pass, and how many there were when they were chosen.
  private(set) var passing: Set<MetricID> = []
  private var known = 0

  var isActive: Bool { !text.isEmpty }

  func passes(_ id: MetricID) -> Bool { !isActive || passing.contains(id) }

  /// Whether there are other metrics than when it chose.
  func isStale(_ count: Int) -> Bool { count != known }

  /// Chooses anew, as where the text or the metrics have changed.
  mutating func choose(among metrics: [MetricID: String]) {
    known = metrics.count
    problem = nil
    guard isActive else {
      passing = []
      return
    }
    let matches = matcher()
    passing = Set(metrics.filter { matches($0.key.rawValue) || matches($0.value) }.keys)
    // Who types an expression without slashes means one where no name has it as a text.
    if passing.isEmpty, text.first != "/", text.contains(where: { "*+?[(|^$\\.".contains($0) }),
      let regex = try? Regex(text).ignoresCase()
    {
      func holds(_ name: String) -> Bool { name.prefix(80).firstMatch(of: regex) != nil }
      passing = Set(metrics.filter { holds($0.key.rawValue) || holds($0.value) }.keys)
    }
  }

  private mutating func matcher() -> (String) -> Bool {
    if text.first == "/", text.count > 1 {
      let pattern = text.dropFirst().last == "/" && text.count > 2 ? text.dropFirst().dropLast() : text.dropFirst()
      do {
        let regex = try Regex(String(pattern)).ignoresCase()
        // Expressions may take long on long texts: names are short, and longer ones are cut.
        return { $0.prefix(80).firstMatch(of: regex) != nil }
      } catch {
        problem = "\"\(pattern)\" is no regular expression: it is searched for as a text"
        let text = pattern.lowercased()
        return { $0.lowercased().contains(text) }
      }
    }
    let words = text.lowercased().split(separator: " ")
    return { name in
      let name = name.lowercased()
      return words.allSatisfy { name.contains($0) }
    }
  }
}

extension DashboardState {
  /// Those of some metrics that the filter lets through.
  func filtered<Metric>(_ metrics: [Metric], id: (Metric) -> MetricID) -> [Metric] {
    shell.filter.isActive ? metrics.filter { shell.filter.passes(id($0)) } : metrics
  }

  /// Chooses the metrics that pass; cheap unless the filter or the metrics have changed.
  mutating func refreshFilter(always: Bool = false) {
    guard always || shell.filter.isActive && shell.filter.isStale(history.metrics.count) else { return }
    var names: [MetricID: String] = [:]
    for id in history.metrics.keys { names[id] = title(of: id) }
    shell.filter.choose(among: names)
  }

  mutating func typeFilter(_ character: Character) {
    guard shell.filter.text.count < 60 else { return }
    shell.filter.text.append(character)
    refreshFilter(always: true)
  }

  mutating func pressFilter(_ action: LayerAction) {
    switch action {
    case .erase:
      if shell.filter.text.isEmpty { shell.filter.isTyping = false } else { shell.filter.text.removeLast() }
    case .eraseWord: shell.filter.text = shell.filter.text.withoutLastWord
    case .eraseAll: shell.filter.text = ""
    case .accept:
      shell.filter.isTyping = false
      sayFilter()
    default: clearFilter()
    }
    refreshFilter(always: true)
  }

  mutating func clearFilter() {
    shell.filter = MetricFilter()
  }

  mutating func useFilter(_ text: String) {
    shell.filter.text = String(text.prefix(60))
    refreshFilter(always: true)
    sayFilter()
  }

  private mutating func sayFilter() {
    refreshFilter(always: true)
    let filter = shell.filter
    if let problem = filter.problem {
      say(problem, .warning)
    } else if filter.isActive {
      let count = filter.passing.count
      say(
        count == 0
          ? "no metric matches \(filter.text): esc shows all again"
          : "\(count) metric\(count == 1 ? " matches" : "s match") \(filter.text)", count == 0 ? .warning : .info)
    }
  }
}
