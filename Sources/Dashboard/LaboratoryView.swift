import Telemetry
import TerminalKit

/// What keys of the samples pane do.
public enum LabAction: Hashable, Sendable {
  /// Layers of a picture of points.
  case field, real, generated, part(PointsPart), phase
  case slowMotion, nextMoment
  case earlier(Int), later(Int), first, newest
  case nextSheet, path, previousChoice, nextChoice, previousLatent, nextLatent
  case draw
  case move(Int, Int), paint, erase, wipe, brush(Int), trainOnDrawing, leaveDrawing
  case layersUp, layersDown
}

/// How samples are looked at: what a picture shows, which of the earlier ones, the moment of a step in slow motion.
public struct LaboratoryView: Sendable {
  var showsField = true
  var showsReal = true
  var showsGenerated = true
  var showsPhase = false
  var parts: Set<PointsPart> = []
  var sheet: SheetRequest?
  /// The step of an earlier picture that a person went back to.
  var scrubbed: Int?
  var samples = PictureReel()
  var modes = PictureReel()
  var slow: SlowMotion?
  var sketch: Sketch?
  /// The first layer that the layers pane shows.
  var firstLayer = 0
  /// What the trainer was asked for last.
  var asked = PictureRequest()
}

extension DashboardState {
  /// What pictures must hold for what is on the screen.
  var wantedPictures: PictureRequest {
    var parts = lab.parts
    if lab.slow != nil { parts.formUnion([.slopes, .latents]) }
    let known = run?.pictures?.parts ?? []
    return PictureRequest(
      parts: parts.filter { known.contains($0) }, sheet: lab.sheet, layers: isOnScreen(.layers))
  }

  private func isOnScreen(_ pane: Pane) -> Bool {
    layout(size: size, bannerRows: 0).panes.contains { $0.pane == pane }
  }

  /// Asks the trainer for other pictures where the screen needs them.
  mutating func askForPictures() -> [Effect] {
    guard run?.pictures != nil, !isOver || isOpen else { return [] }
    let wanted = wantedPictures
    guard wanted != lab.asked else { return [] }
    lab.asked = wanted
    return [send(.show(wanted))]
  }

  /// Keeps a picture that has come.
  mutating func keep(_ panel: Panel) {
    if panel.id == Panel.samples { lab.samples.take(panel) }
    if panel.id == Panel.modes { lab.modes.take(panel) }
  }

  /// The panels that the samples pane can show.
  var pictures: [Panel] { panels.filter { $0.content.isPicture } }

  /// The picture on the screen, and what stands in the border: an earlier one where a person went back to it, or where the
  /// charts' cursor is.
  var shownPicture: (panel: Panel, note: String)? {
    guard let newest = pictures.first(where: { $0.id == shownPanel }) ?? pictures.first else { return nil }
    var title = newest.title.isEmpty || newest.title == Pane.samples.title ? "" : newest.title + " "
    if newest.id == Panel.samples, let step = lab.scrubbed ?? charts.cursor,
      let earlier = lab.samples.nearest(to: step), earlier.step != newest.step
    {
      title = lab.scrubbed == nil ? "at the cursor: " : "back at "
      return (earlier, title + "step \(grouped(earlier.step))")
    }
    return (newest, title + "step \(grouped(newest.step))")
  }

  mutating func experiment(_ action: LabAction) -> [Effect] {
    switch action {
    case .field, .real, .generated, .part, .phase: toggle(action)
    case .slowMotion: return changeSlowMotion()
    case .nextMoment: return lab.slow == nil ? perform(.step) : advance()
    case .earlier(let count): scrub(by: -count)
    case .later(let count): scrub(by: count)
    case .first: scrub(by: -lab.samples.pictures.count)
    case .newest: scrub(by: lab.samples.pictures.count)
    case .nextSheet, .path, .previousChoice, .nextChoice, .previousLatent, .nextLatent: choose(action)
    case .draw, .move, .paint, .erase, .wipe, .brush, .trainOnDrawing, .leaveDrawing: return draw(action)
    case .layersUp: lab.firstLayer = max(0, lab.firstLayer - 1)
    case .layersDown: lab.firstLayer = min(lab.firstLayer + 1, max(0, (layersPanel?.layers.count ?? 1) - 1))
    }
    return []
  }

  // MARK: layers of a picture of points

  private mutating func toggle(_ action: LabAction) {
    guard case .points? = shownPicture?.panel.content else {
      say(pictures.isEmpty && !has(.diracTheta) ? "no picture yet" : "that is for pictures of points in the plane")
      return
    }
    func word(_ isShown: Bool) -> String { isShown ? "shown" : "hidden" }
    switch action {
    case .field:
      lab.showsField.toggle()
      say("D's field \(word(lab.showsField))")
    case .real:
      lab.showsReal.toggle()
      say("real points \(word(lab.showsReal))")
    case .generated:
      lab.showsGenerated.toggle()
      say("generated points \(word(lab.showsGenerated))")
    case .phase:
      lab.showsPhase.toggle()
      say("phase portrait of the losses \(word(lab.showsPhase))")
    case .part(let part):
      guard run?.pictures?.parts.contains(part) == true else {
        say("this run has no \(part.words)", .warning)
        return
      }
      if lab.parts.remove(part) == nil { lab.parts.insert(part) }
      say("\(part.words) \(word(lab.parts.contains(part)))")
    default: break
    }
  }

  // MARK: earlier pictures

  private mutating func scrub(by offset: Int) {
    let pictures = lab.samples.pictures
    guard let newest = pictures.last else {
      say("no picture yet")
      return
    }
    shownPanel = Panel.samples
    let step = lab.scrubbed ?? charts.cursor ?? newest.step
    let index = min(max(0, (lab.samples.index(nearest: step) ?? 0) + offset), pictures.count - 1)
    // The newest is followed.
    lab.scrubbed = index == pictures.count - 1 ? nil : pictures[index].step
    // The charts tell the values of the step whose picture is seen.
    charts.cursor = lab.scrubbed
    if let step = lab.scrubbed { reveal(step) }
    say(
      lab.scrubbed == nil
        ? "the newest picture" : "picture \(index + 1) of \(pictures.count), step \(grouped(pictures[index].step))")
  }

  // MARK: sheets of images

  private mutating func choose(_ action: LabAction) {
    let known = run?.pictures?.sheets ?? []
    guard !known.isEmpty else {
      say(run == nil ? lackOfModel : "sheets are of images that a generator makes of latents: this run has none")
      return
    }
    if action == .nextSheet {
      let index = lab.sheet.flatMap { known.firstIndex(of: $0.kind) }.map { $0 + 1 } ?? 0
      lab.sheet = index < known.count ? SheetRequest(kind: known[index], first: lab.sheet?.first ?? 0) : nil
      shownPanel = lab.sheet?.panel ?? Panel.samples
      if lab.sheet?.kind == .styles { lab.sheet?.dimension = 4 }
      say(lab.sheet.map { "\($0.kind.title): arrows up and down choose" } ?? "samples at fixed latents")
      return
    }
    guard var sheet = lab.sheet else {
      say("J shows interpolations, walks and other sheets")
      return
    }
    switch action {
    case .path:
      guard sheet.kind == .interpolation else {
        say("only interpolations are spherical or linear")
        return
      }
      sheet.isSpherical.toggle()
      say(sheet.isSpherical ? "along great circles" : "along straight lines")
    case .nextLatent: sheet.first += 1
    case .previousLatent: sheet.first = max(0, sheet.first - 1)
    case .nextChoice, .previousChoice:
      let offset = action == .nextChoice ? 1 : -1
      switch sheet.kind {
      case .walk, .styles, .classes, .toward:
        let most = sheet.kind == .walk ? max(1, run?.pictures?.latents ?? 1) - 1 : 999
        sheet.dimension = min(max(0, sheet.dimension + offset), most)
      case .interpolation, .neighbours, .codes, .inversions: sheet.first = max(0, sheet.first + offset)
      }
    default: break
    }
    lab.sheet = sheet
  }
}

extension PointsPart {
  /// What the key line calls it.
  var words: String {
    switch self {
    case .manifold: "manifold of the generator"
    case .slopes: "gradient arrows"
    case .optimum: "best discriminator"
    case .latents: "latents"
    }
  }
}
