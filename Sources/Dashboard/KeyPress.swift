import Telemetry
import TerminalKit

extension DashboardState {
  /// Does what a key means here.
  mutating func press(_ key: Key) -> [Effect] {
    notice = nil
    let context = keyContext
    guard let action = rewindAction(for: key) ?? shell.keys.action(for: key, in: context) else {
      if context == .entry, case .character(let character) = key { type(character) }
      if case .layer(let layer) = context, case .character(let character) = key { type(character, into: layer) }
      if case .pane = context { return pressElsewhere(key) }
      return []
    }
    return perform(action)
  }

  /// A key that means nothing to the focused panel: the samples, of which there is one panel, take it where they are seen;
  /// of others a person is told whose it is.
  private mutating func pressElsewhere(_ key: Key) -> [Effect] {
    if visiblePanes.contains(.samples), let action = shell.keys.action(for: key, in: .pane(.samples)) {
      // On a sheet the arrows choose.
      if action == .lab(.nextSheet) { focus = .samples }
      return perform(action)
    }
    let owners = Pane.allCases.filter { shell.keys.action(for: key, in: .pane($0)) != nil }
    guard let owner = owners.first(where: visiblePanes.contains) ?? owners.first else { return [] }
    let name = key.name(ascii: false)
    say(
      visiblePanes.contains(owner)
        ? "\(name) is a key of the \(owner.title): tab goes there"
        : "\(name) is a key of the \(owner.title): \(owner.digit) shows them")
    return []
  }

  mutating func perform(_ action: Action) -> [Effect] {
    if action.needsTrainer, refuseToSteer() { return [] }
    switch action {
    case .togglePause, .step, .stepDiscriminator, .stepGenerator, .checkpoint, .saveSamples: return control(action)
    case .rewindBack, .rewindForward, .leaveRewind, .branch, .branchHere, .undo: return walk(action)
    case .previousHyperparameter: hyperparameters.select(by: -1)
    case .nextHyperparameter: hyperparameters.select(by: 1)
    case .lower(let stride): return turn(-1, stride)
    case .raise(let stride): return turn(1, stride)
    case .typeValue, .applyEntry, .cancelEntry, .eraseCharacter: return edit(action)
    case .chart(let action): return changeCharts(action)
    case .focusNext: moveFocus(1)
    case .focusPrevious: moveFocus(-1)
    case .cycleFullScreen: cycleFullScreen()
    case .fullScreen(let pane): fill(with: fullScreen == pane ? nil : pane)
    case .fillWithFocus: fill(with: fullScreen == focus ? nil : focus)
    case .nextImageMode: nextImageMode()
    case .nextPanel: nextPanel()
    case .back: back()
    case .lab(let action): return experiment(action)
    case .scrollUp, .scrollDown, .scrollPageUp, .scrollPageDown, .scrollToTop, .scrollToBottom: scroll(action)
    case .help: dialog = .help(0)
    case .closeHelp: dialog = nil
    case .nextTheme: return nextTheme()
    case .togglePane, .nextPreset, .moveBorders, .palette, .filterMetrics, .freeze, .options, .themeList, .copyValue,
      .layer:
      return performShell(action)
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .takeWheel, .detach: return attach(action)
    case .quit, .stopAndQuit, .confirm, .refuse: return leave(action)
    }
    return []
  }

  // MARK: the run

  private mutating func control(_ action: Action) -> [Effect] {
    if isOver, !(isOpen && action == .saveSamples) {
      say(
        action == .saveSamples
          ? "the run is over: gantui sample \(runName) --out x.png saves samples" : "the run is over: q leaves",
        .warning)
      return []
    }
    if runState == .stopping || isLeaving {
      say("the run is stopping", .warning)
      return []
    }
    switch action {
    case .togglePause:
      let isPaused = if case .paused = runState { true } else { false }
      let pause = !(pauseWish ?? isPaused)
      pauseWish = pause
      return [send(pause ? .pause : .resume)]
    case .step: return step(player: nil)
    case .stepDiscriminator: return step(initials: ["d", "c"], "discriminator")
    case .stepGenerator: return step(initials: ["g"], "generator")
    case .checkpoint:
      say("keeping a checkpoint at the next step")
      return [send(.checkpoint)]
    case .saveSamples:
      say("saving the samples")
      return [send(.saveSamples)]
    default: return []
    }
  }

  private mutating func step(initials: [String], _ title: String) -> [Effect] {
    guard let run else {
      say(lackOfModel)
      return []
    }
    guard let player = run.players.first(where: { player in initials.contains { player.lowercased().hasPrefix($0) } })
    else {
      say("this run has no \(title): its players are \(run.players.joined(separator: ", "))", .warning)
      return []
    }
    return step(player: player)
  }

  /// One step: a run that trains is paused first, as a film is by the key for a single picture.
  private mutating func step(player: String?) -> [Effect] {
    var effects: [Effect] = []
    let isPaused = if case .paused = runState { true } else { false }
    if !(pauseWish ?? isPaused) {
      pauseWish = true
      effects.append(send(.pause))
    }
    effects.append(send(.step(player: player)))
    return effects
  }

  // MARK: hyperparameters

  /// The chosen hyperparameter where it can be changed; says why not otherwise.
  private mutating func changeable() -> HyperparameterList.Row? {
    if isOver {
      say("the run is over: nothing can be changed", .warning)
      return nil
    }
    guard let row = hyperparameters.selectedRow else {
      say(run == nil ? lackOfModel : "this run has no hyperparameter to change")
      return nil
    }
    // Nobody turns by mistake what is not seen.
    guard visiblePanes.contains(.hyperparameters) else {
      let key = fullScreen == nil ? "\(Pane.hyperparameters.digit)" : "esc"
      say("the hyperparameters are not on the screen; \(key) shows them", .warning)
      return nil
    }
    return row
  }

  private mutating func turn(_ direction: Int, _ stride: Stride) -> [Effect] {
    guard let row = changeable() else { return [] }
    let hyperparameter = row.hyperparameter
    let value = HyperparameterStep.value(
      after: row.value, of: hyperparameter, direction: direction, stride: stride)
    guard value != row.value else {
      let end = direction > 0 ? "largest" : "smallest"
      say("\(hyperparameter.title) is at its \(end), \(hyperparameter.text(of: value))", .warning)
      return []
    }
    return [set(hyperparameter, to: value)]
  }

  mutating func set(_ hyperparameter: Hyperparameter, to value: Double) -> Effect {
    let effect = send(.set(id: hyperparameter.id, value: value))
    hyperparameters.request(value, id: hyperparameter.id, request: lastRequest)
    return effect
  }

  /// The longest text of a number that makes sense.
  private static let entryLimit = 24

  private mutating func type(_ character: Character) {
    guard let text = hyperparameters.entry, text.count < Self.entryLimit, character.columns == 1 else { return }
    hyperparameters.entry = text + String(character)
    hyperparameters.refusal = nil
  }

  private mutating func edit(_ action: Action) -> [Effect] {
    switch action {
    case .typeValue:
      if changeable() != nil { hyperparameters.entry = "" }
    case .eraseCharacter:
      hyperparameters.entry = hyperparameters.entry.map { String($0.dropLast()) }
      hyperparameters.refusal = nil
    case .applyEntry: return applyEntry()
    default: hyperparameters.endEntry()
    }
    return []
  }

  private mutating func applyEntry() -> [Effect] {
    guard let text = hyperparameters.entry, let row = hyperparameters.selectedRow, !text.isEmpty else {
      hyperparameters.endEntry()
      return []
    }
    do throws(EntryError) {
      let value = try row.hyperparameter.value(typed: text)
      hyperparameters.endEntry()
      return value == row.value ? [] : [set(row.hyperparameter, to: value)]
    } catch {
      hyperparameters.refusal = error
      say(error.description, .error)
      return []
    }
  }

  // MARK: leaving

  private mutating func leave(_ action: Action) -> [Effect] {
    if isOver { return [.quit] }
    if wheel.isAttached { return leaveAttached(action) }
    switch action {
    case .quit where isLeaving: say("stopping at the next step with a checkpoint; ^C leaves at once")
    case .quit:
      dialog = .quit
    case .refuse: dialog = nil
    default:
      dialog = nil
      hyperparameters.endEntry()
      // The second time a person means it.
      if isLeaving { return [.quit] }
      isLeaving = true
      say("stopping at the next step with a checkpoint; ^C leaves at once")
      return runState == .stopping ? [] : [send(.stop)]
    }
    return []
  }
}
