import TerminalKit

/// A sample configuration to begin with.
public struct StartItem: Sendable, Hashable {
  public var name: String
  /// One line about it.
  public var line: String
  public init(name: String, line: String) {
    self.name = name
    self.line = line
  }
}

/// A run that is there already.
public struct EarlierRun: Sendable, Hashable {
  /// What can be done with it.
  public enum Way: String, Sendable {
    case resume
    /// Another process trains it.
    case attach
    /// Nothing but looking at its curves and pictures.
    case look
  }

  public var name: String
  public var step: Int
  public var totalSteps: Int
  /// A word, such as "stopped" or "finished".
  public var state: String
  /// Seconds since it last changed; nil where that is not known.
  public var age: Double?
  public var way: Way
  public init(name: String, step: Int, totalSteps: Int, state: String, age: Double?, way: Way = .resume) {
    self.name = name
    self.step = step
    self.totalSteps = totalSteps
    self.state = state
    self.age = age
    self.way = way
  }
}

/// What opens without arguments: sample configurations, and runs to resume, attach to or look at.
public struct StartScreen: Sendable {
  public enum Input: Sendable, Equatable {
    case key(Key)
    case mouse(MouseEvent)
    case resized(Size)
  }

  public enum Effect: Sendable, Equatable {
    /// Train the sample configuration of a name.
    case open(String)
    /// Go on with the run of a name, or whatever its way is.
    case run(String, EarlierRun.Way)
    case quit
    case suspend
    case redraw
    case nextTheme
  }

  enum Entry: Sendable, Equatable {
    case configuration(StartItem)
    case run(EarlierRun)

    /// What tells it from the others.
    var identity: String {
      switch self {
      case .configuration(let item): "configuration " + item.name
      case .run(let run): "run " + run.name
      }
    }

    /// What the filter looks into.
    var text: String {
      switch self {
      case .configuration(let item): item.name + " " + item.line
      case .run(let run): run.name + " " + run.state
      }
    }
  }

  /// Of the runs, which come newest first, so many stand above the configurations: who comes back sees them.
  static let recent = 6

  private var entries: [Entry]
  /// What rows must contain, each word of it; nil where nothing is typed.
  public private(set) var filter = ""
  /// Whether keys go into the filter.
  public private(set) var isFiltering = false
  /// The first row of the list of keys that is seen; nil while it is closed. Any key but the arrows closes it.
  private(set) var helpRow: Int?
  /// The index of the chosen one among those that pass the filter.
  private(set) var selected = 0
  private var size = Size(width: 80, height: 24)

  public init(configurations: [StartItem], runs: [EarlierRun]) {
    entries = Self.entries(configurations, runs)
  }

  private static func entries(_ configurations: [StartItem], _ runs: [EarlierRun]) -> [Entry] {
    runs.prefix(recent).map(Entry.run) + configurations.map(Entry.configuration)
      + runs.dropFirst(recent).map(Entry.run)
  }

  /// Takes in the runs as they are now; the chosen row stays the chosen one.
  public mutating func take(_ runs: [EarlierRun]) {
    let name = chosen?.identity
    entries = Self.entries(
      entries.compactMap { if case .configuration(let item) = $0 { item } else { nil } }, runs)
    selected = shown.firstIndex { $0.identity == name } ?? min(selected, max(0, shown.count - 1))
  }

  /// Runs that stand below the configurations.
  var olderRuns: Int {
    max(0, entries.count { if case .run = $0 { true } else { false } } - Self.recent)
  }

  /// The entries that pass the filter.
  var shown: [Entry] {
    let words = filter.lowercased().split(separator: " ")
    guard !words.isEmpty else { return entries }
    return entries.filter { entry in
      let text = entry.text.lowercased()
      return words.allSatisfy { text.contains($0) }
    }
  }

  var chosen: Entry? {
    let shown = shown
    return shown.indices.contains(selected) ? shown[selected] : nil
  }

  /// Takes in a key or a new size.
  public mutating func update(_ input: Input) -> [Effect] {
    switch input {
    case .resized(let size):
      self.size = size
      return []
    case .mouse(let event):
      if helpRow != nil, event.kind == .press {
        helpRow = nil
        return []
      }
      switch event.kind {
      case .wheelUp: move(by: -1)
      case .wheelDown: move(by: 1)
      case .press:
        // The first click chooses, the second one starts.
        guard let index = choice(at: event, size: size) else { break }
        if index == selected { return perform(.open) }
        selected = index
      case .drag, .release: break
      }
      return []
    case .key(let key):
      if let row = helpRow {
        switch StartKeyTable.action(for: key, isFiltering: false) {
        case .up: helpRow = max(0, row - 1)
        case .down: helpRow = min(row + 1, StartKeyTable.helpRows(ascii: true).count - 1)
        default: helpRow = nil
        }
        if case .control = key {} else { return [] }
      }
      guard let action = StartKeyTable.action(for: key, isFiltering: isFiltering) else {
        if isFiltering, case .character(let character) = key, filter.count < 64, character.columns > 0 {
          filter.append(character)
          selected = 0
        }
        return []
      }
      return perform(action)
    }
  }

  private mutating func perform(_ action: StartKeyTable.Action) -> [Effect] {
    let page = max(1, size.height / 2)
    switch action {
    case .up: move(by: -1)
    case .down: move(by: 1)
    case .pageUp: move(by: -page)
    case .pageDown: move(by: page)
    case .first: selected = 0
    case .last: selected = max(0, shown.count - 1)
    case .filter: isFiltering = true
    case .erase:
      if filter.isEmpty { isFiltering = false } else { filter.removeLast() }
      selected = 0
    case .eraseWord, .eraseAll:
      filter = action == .eraseWord ? filter.withoutLastWord : ""
      selected = 0
    case .clear:
      filter = ""
      isFiltering = false
      selected = 0
    case .open:
      switch chosen {
      case .configuration(let item): return [.open(item.name)]
      case .run(let run): return [.run(run.name, run.way)]
      case nil: break
      }
    case .help: helpRow = 0
    case .quit: return [.quit]
    case .suspend: return [.suspend]
    case .redraw: return [.redraw]
    case .nextTheme: return [.nextTheme]
    }
    return []
  }

  private mutating func move(by rows: Int) {
    selected = min(max(0, selected + rows), max(0, shown.count - 1))
  }
}
