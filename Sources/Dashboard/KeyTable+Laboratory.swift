import Telemetry
import TerminalKit

extension KeyTable {
  private static let samples: KeyBinding.Scope = .panes([.samples])
  private static let layerPane: KeyBinding.Scope = .panes([.layers])

  static let laboratory: [KeyBinding] = [
    lab("F", .field, "D's field on or off"),
    lab("R", .real, "real points on or off"),
    lab("G", .generated, "generated points on or off"),
    lab("M", .part(.manifold), short: "manifold", "G's manifold as a warped grid"),
    lab("A", .part(.slopes), short: "arrows", "arrows of G's gradient"),
    lab("D", .part(.optimum), "the best D beside D"),
    lab("L", .phase, "D's loss against G's loss"),
    lab("C", .slowMotion, short: "slow", "slow motion: by hand, clock, off"),
    lab(".", .nextMoment, "slow motion: the next moment"),
    lab("w", .draw, short: "draw", "draw data and train on them"),
    KeyBinding(
      [.left, .character("h")], .lab(.earlier(1)), in: samples, .samples, short: "earlier",
      "the picture before"),
    KeyBinding([.right, .character("l")], .lab(.later(1)), in: samples, .samples, "the picture after"),
    KeyBinding([.shiftLeft, .character("<")], .lab(.earlier(10)), in: samples, .samples, "ten pictures before"),
    KeyBinding([.shiftRight, .character(">")], .lab(.later(10)), in: samples, .samples, "ten pictures after"),
    KeyBinding([.home], .lab(.first), in: samples, .samples, "the first picture"),
    KeyBinding([.end], .lab(.newest), in: samples, .samples, "the newest picture"),
    lab("J", .nextSheet, short: "sheets", "interpolation and other sheets"),
    lab("S", .path, "interpolate on spheres or lines"),
    KeyBinding(
      [.up, .character("k")], .lab(.previousChoice), in: samples, .samples, "on a sheet: the latent before"),
    KeyBinding(
      [.down, .character("j")], .lab(.nextChoice), in: samples, .samples, "on a sheet: the latent after"),
    KeyBinding(
      [.shiftUp, .character("{")], .lab(.previousLatent), in: samples, .samples, "on a sheet: the sample before"),
    KeyBinding(
      [.shiftDown, .character("}")], .lab(.nextLatent), in: samples, .samples, "on a sheet: the sample after"),
    KeyBinding([.up, .character("k")], .lab(.layersUp), in: layerPane, .panels, short: "scroll", "in the layers: up"),
    KeyBinding([.down, .character("j")], .lab(.layersDown), in: layerPane, .panels, "in the layers: down"),
  ]

  private static func lab(_ key: Character, _ action: LabAction, short: String = "", _ help: String) -> KeyBinding {
    KeyBinding([.character(key)], .lab(action), in: samples, .samples, short: short, help)
  }

  static let sketching: [KeyBinding] = [
    sketch([.character(" ")], .paint, short: "paint", "drawing: put points"),
    sketch([.character("x"), .backspace, .delete], .erase, short: "erase", "drawing: take points away"),
    sketch([.character("+"), .character("=")], .brush(1), short: "brush", "drawing: a larger brush"),
    sketch([.character("-"), .character("_")], .brush(-1), "drawing: a smaller brush"),
    sketch([.enter], .trainOnDrawing, short: "train", "drawing: train a new run on it"),
    sketch([.escape, .character("w")], .leaveDrawing, short: "leave", "drawing: leave it"),
    sketch([.left, .character("h")], .move(-1, 0), short: "move", "drawing: left"),
    sketch([.right, .character("l")], .move(1, 0), "drawing: right"),
    sketch([.up, .character("k")], .move(0, 1), "drawing: up"),
    sketch([.down, .character("j")], .move(0, -1), "drawing: down"),
    sketch([.shiftLeft, .character("H")], .move(-5, 0), "drawing: five left"),
    sketch([.shiftRight, .character("L")], .move(5, 0), "drawing: five right"),
    sketch([.shiftUp, .character("K")], .move(0, 5), "drawing: five up"),
    sketch([.shiftDown, .character("J")], .move(0, -5), "drawing: five down"),
    sketch([.character("X")], .wipe, "drawing: begin anew"),
  ]

  private static func sketch(_ keys: [Key], _ action: LabAction, short: String = "", _ help: String) -> KeyBinding {
    KeyBinding(keys, .lab(action), in: .sketch, .samples, short: short, help)
  }
}
