import Telemetry
import TerminalKit

extension KeyTable {
  private static let samples: KeyBinding.Scope = .panes([.samples])
  private static let layers: KeyBinding.Scope = .panes([.layers])

  static let laboratory: [KeyBinding] = [
    lab("F", .field, "in the samples: D's field on or off"),
    lab("R", .real, "in the samples: real points on or off"),
    lab("G", .generated, "in the samples: generated points on or off"),
    lab("M", .part(.manifold), short: "manifold", "in the samples: G's manifold as a grid"),
    lab("A", .part(.slopes), short: "arrows", "in the samples: arrows of G's gradient"),
    lab("D", .part(.optimum), "in the samples: the best D beside D"),
    lab("L", .phase, "in the samples: map of D's and G's loss"),
    lab("C", .slowMotion, short: "slow", "in the samples: slow motion, by hand, by clock, off"),
    lab(".", .nextMoment, "in the samples: the next moment, or a step"),
    lab("w", .draw, short: "draw", "in the samples: draw data and train on them"),
    KeyBinding(
      [.left, .character("h")], .lab(.earlier(1)), in: samples, .samples, short: "earlier",
      "in the samples: the picture before"),
    KeyBinding([.right, .character("l")], .lab(.later(1)), in: samples, .samples, "in the samples: the picture after"),
    KeyBinding([.shiftLeft, .character("<")], .lab(.earlier(10)), in: samples, .samples, "in the samples: ten before"),
    KeyBinding([.shiftRight, .character(">")], .lab(.later(10)), in: samples, .samples, "in the samples: ten after"),
    KeyBinding([.home], .lab(.first), in: samples, .samples, "in the samples: the first picture"),
    KeyBinding([.end], .lab(.newest), in: samples, .samples, "in the samples: the newest picture"),
    lab("J", .nextSheet, short: "sheets", "in the samples: interpolation, walk, ..."),
    lab("S", .path, "in the samples: spherical or linear"),
    KeyBinding(
      [.up, .character("k")], .lab(.previousChoice), in: samples, .samples, "on a sheet: the latent or layer before"),
    KeyBinding(
      [.down, .character("j")], .lab(.nextChoice), in: samples, .samples, "on a sheet: the latent or layer after"),
    KeyBinding(
      [.shiftUp, .character("{")], .lab(.previousLatent), in: samples, .samples, "on a sheet: other samples, back"),
    KeyBinding(
      [.shiftDown, .character("}")], .lab(.nextLatent), in: samples, .samples, "on a sheet: other samples, on"),
    KeyBinding([.up, .character("k")], .lab(.layersUp), in: layers, .panels, short: "scroll", "in the layers: up"),
    KeyBinding([.down, .character("j")], .lab(.layersDown), in: layers, .panels, "in the layers: down"),
  ]

  private static func lab(_ key: Character, _ action: LabAction, short: String = "", _ help: String) -> KeyBinding {
    KeyBinding([.character(key)], .lab(action), in: samples, .samples, short: short, help)
  }

  static let sketching: [KeyBinding] = [
    sketch([.character(" ")], .paint, short: "paint", "while drawing: put points under the brush"),
    sketch([.character("x"), .backspace, .delete], .erase, short: "erase", "while drawing: take them away"),
    sketch([.character("+"), .character("=")], .brush(1), short: "brush", "while drawing: a larger brush"),
    sketch([.character("-"), .character("_")], .brush(-1), "while drawing: a smaller brush"),
    sketch([.enter], .trainOnDrawing, short: "train", "while drawing: train a new run on it"),
    sketch([.escape, .character("w")], .leaveDrawing, short: "leave", "while drawing: leave it"),
    sketch([.left, .character("h")], .move(-1, 0), short: "move", "while drawing: move"),
    sketch([.right, .character("l")], .move(1, 0), "while drawing: move"),
    sketch([.up, .character("k")], .move(0, 1), "while drawing: move"),
    sketch([.down, .character("j")], .move(0, -1), "while drawing: move"),
    sketch([.shiftLeft, .character("H")], .move(-5, 0), "while drawing: move by five"),
    sketch([.shiftRight, .character("L")], .move(5, 0), "while drawing: move by five"),
    sketch([.shiftUp, .character("K")], .move(0, 5), "while drawing: move by five"),
    sketch([.shiftDown, .character("J")], .move(0, -5), "while drawing: move by five"),
    sketch([.character("X")], .wipe, "while drawing: begin anew"),
  ]

  private static func sketch(_ keys: [Key], _ action: LabAction, short: String = "", _ help: String) -> KeyBinding {
    KeyBinding(keys, .lab(action), in: .sketch, .samples, short: short, help)
  }
}
