import Telemetry
import TerminalKit

/// A step in slow motion: one moment after the other, with a caption; the updates are the run's own.
struct SlowMotion: Sendable, Equatable {
  /// What happens in a step, in its order.
  enum Moment: Int, Sendable, CaseIterable {
    case noise, generation, scores, discriminatorGradient, discriminatorUpdate, generatorGradient, generatorUpdate
  }

  var moment = Moment.noise
  /// Whether a clock goes on by itself.
  var isRunning = false
  /// When the clock goes on.
  var due = 0.0
  /// The samples before the generator's update.
  var before: [PointsPanel.Point] = []

  /// Seconds of a moment.
  static let pace = 1.25
}

extension DashboardState {
  /// Seconds until a slow clock goes on; nil without one. The tick after them must come.
  public var secondsToNextMoment: Double? {
    guard let slow = lab.slow, slow.isRunning else { return nil }
    return max(0, slow.due - now)
  }

  /// Off, by hand, by the clock, off.
  mutating func changeSlowMotion() -> [Effect] {
    guard var slow = lab.slow else {
      if isOver {
        say("the run is over: no step will follow", .warning)
        return []
      }
      lab.slow = SlowMotion()
      shownPanel = Panel.samples
      lab.scrubbed = nil
      say(". goes on by a moment; C again: by a slow clock")
      let isPaused = if case .paused = runState { true } else { false }
      return pauseWish ?? isPaused ? [] : perform(.togglePause)
    }
    if slow.isRunning {
      endSlowMotion()
      return []
    }
    slow.isRunning = true
    slow.due = now + SlowMotion.pace
    lab.slow = slow
    say("a slow clock goes on; C ends it")
    return []
  }

  mutating func endSlowMotion() {
    let moment = lab.slow?.moment
    lab.slow = nil
    if moment == .discriminatorUpdate || moment == .generatorGradient {
      say("D has moved in this step, G has not: g finishes it", .warning)
    } else {
      say("slow motion is off")
    }
  }

  /// Goes on to the next moment; updates are asked of the trainer.
  mutating func advance() -> [Effect] {
    guard var slow = lab.slow else { return [] }
    if isOver {
      lab.slow = nil
      return []
    }
    let moments = SlowMotion.Moment.allCases
    slow.moment = moments[(slow.moment.rawValue + 1) % moments.count]
    slow.due = now + SlowMotion.pace
    if slow.moment == .generatorUpdate, case .points(let points)? = shownPicture?.panel.content {
      slow.before = points.generated
    }
    lab.slow = slow
    switch slow.moment {
    case .discriminatorUpdate: return moved(perform(.stepDiscriminator))
    case .generatorUpdate: return moved(perform(.stepGenerator))
    default: return []
    }
  }

  /// An update, and the picture after it.
  private mutating func moved(_ effects: [Effect]) -> [Effect] {
    guard !effects.isEmpty, run?.pictures != nil else { return effects }
    let wanted = wantedPictures
    lab.asked = wanted
    return effects + [send(.show(wanted))]
  }

  mutating func tickSlowMotion() -> [Effect] {
    guard let slow = lab.slow, slow.isRunning, now >= slow.due else { return [] }
    revision += 1
    return advance()
  }

  /// What happens in the moment on the screen.
  var caption: String? {
    guard let slow = lab.slow else { return nil }
    func number(_ id: MetricID) -> String { formatted(last(id)) }
    let (real, fake) = isCritic ? ("f(x)", "f(G(z))") : ("D(x)", "D(G(z))")
    let words: String =
      switch slow.moment {
      case .noise: "draw noise: a latent z for each sample"
      case .generation: "generate: each z becomes a sample G(z)"
      case .scores: "score: \(real) \(number(.realScore)), \(fake) \(number(.fakeScore))"
      case .discriminatorGradient:
        "D's gradient: up at data, down at samples; norm \(number(.discriminatorGradient))"
      case .discriminatorUpdate: "D's update: its field has moved; its loss was \(number(.discriminatorLoss))"
      case .generatorGradient: "G's gradient: the arrows its samples follow; norm \(number(.generatorGradient))"
      case .generatorUpdate: "G's update: samples have moved; its loss was \(number(.generatorLoss))"
      }
    return "\(slow.moment.rawValue + 1)/\(SlowMotion.Moment.allCases.count) " + words
  }
}
