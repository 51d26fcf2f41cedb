import Datasets
import Measures
import Models

/// The measure of pix2pix and CycleGAN: translations of held-out sources beside what they should be.
///
/// Distances are means of |a - b| over pixels, of the range of a pixel, 0...1: of a translation to its pair, and of the
/// baselines that translate nothing, the mean image of the training targets and the source itself. Gradient magnitudes
/// (`GradientMagnitudes`, in the same units) tell what these distances hide, blur: their mean, and the Wasserstein-1 distance
/// of their distribution to that of the held-out targets. Where targets are label maps (`FoundPalette`), the share of pixels
/// whose nearest label colour is right, beside that of the commonest label of the training maps.
///
/// Reference: [Isola et al. 2017](https://arxiv.org/abs/1611.07004), sections 4.1 and 4.2;
/// [Zhu et al. 2017](https://arxiv.org/abs/1703.10593), section 5.1.
extension Measurer {
  /// Training pairs that baselines and label colours come from, at most.
  private static let learntPairs = 2_000

  /// One way of a translation.
  private struct Direction {
    /// Its name in a JSON object.
    var key: String
    /// Such as `sources to targets`.
    var what: String
    var inputs: [Float]
    var made: [Float]
    var targets: [Float]
    /// The inputs as they come back from the other translator; nil where there is none.
    var cycled: [Float]?
    /// Targets of the training pairs.
    var learnt: [Float]
  }

  func translationLines() throws -> [MeasureLine] {
    guard let run = subject.run, let pairs = dataset as? any PairedDataset else { return [] }
    report("translating the held-out pairs")
    guard let rows = try run.comparison(count: parameters.count, seed: parameters.seed), rows.count > 0,
      let sources = rows.columns[ProgramPort.sources], let targets = rows.columns[ProgramPort.batch],
      let made = rows.columns[ProgramPort.samples]
    else { throw MeasuringError.unfit(.translation, reason: "no pairs are held out") }
    let learnt = try pairs.pairs(
      of: .training, count: min(pairs.count(of: .training), Self.learntPairs), seed: parameters.seed)
    let (forth, back) = (rows.columns[CyclePort.cycledSources], rows.columns[CyclePort.back])
    var directions = [
      Direction(
        key: "forth", what: "sources to targets", inputs: sources, made: made, targets: targets, cycled: forth,
        learnt: learnt.targets)
    ]
    if let back {
      directions.append(
        Direction(
          key: "back", what: "targets to sources", inputs: targets, made: back, targets: sources,
          cycled: rows.columns[CyclePort.cycledSamples], learnt: learnt.sources))
    }
    let note = "n \(rows.count) held-out pairs, \(learnt.count) training pairs"
    return try directions.flatMap { try lines(of: $0, arePartners: pairs.hasPartners, note: note) }
  }

  private func lines(of direction: Direction, arePartners: Bool, note: String) throws -> [MeasureLine] {
    let made = try images(direction.made)
    let targets = try images(direction.targets)
    let learnt = try images(direction.learnt)
    var lines: [MeasureLine] = []
    func line(_ path: [String], _ title: String, _ value: MeasureValue, unit: String = "", note: String = "") {
      var line = MeasureLine(title: title, value, unit: unit, note: note)
      line.path = [direction.key] + path
      lines.append(line)
    }
    let range = "of the range"
    if arePartners {
      let distance = try PixelErrors.meanAbsolute(made, targets) / 2
      let mean = try PixelErrors.ofMeanImage(training: learnt, heldOut: targets) / 2
      let identity = try PixelErrors.meanAbsolute(try images(direction.inputs), targets) / 2
      line(["l1"], "\(direction.what): L1 to the pair", .number(distance), unit: range, note: note)
      line(["mean_l1"], "  of the training targets' mean image", .number(mean), unit: range)
      line(["identity_l1"], "  of the source itself", .number(identity), unit: range)
      let best = min(mean, identity)
      line(["ratio"], "  over the smaller of the two", .number(best > 0 ? distance / best : .nan), unit: "times")
    }
    if let cycled = direction.cycled {
      let distance = try PixelErrors.meanAbsolute(try images(cycled), try images(direction.inputs)) / 2
      line(["cycle"], "\(direction.what) and back: L1", .number(distance), unit: range, note: note)
    }
    let (steep, real) = (try GradientMagnitudes(of: made), try GradientMagnitudes(of: targets))
    line(
      ["gradients", "mean"], "\(direction.what): mean gradient magnitude", .number(steep.mean / 2),
      unit: "of the range a pixel")
    line(["gradients", "real_mean"], "  of the real ones", .number(real.mean / 2), unit: "of the range a pixel")
    line(
      ["gradients", "distance"], "  Wasserstein distance of their distributions",
      .number(try steep.wassersteinDistance(to: real) / 2), unit: "of the range a pixel")
    guard arePartners, let found = try? FoundPalette(in: learnt), found.isLabelMap else { return lines }
    let palette = found.palette
    line(
      ["labels", "accuracy"], "\(direction.what): share of pixels with the right label",
      .number(try palette.accuracy(of: made, against: targets)),
      note: "by the nearest of the \(palette.colours.count) label colours found in the training pairs")
    line(
      ["labels", "majority"], "  of the commonest label everywhere",
      .number(try palette.majorityAccuracy(training: learnt, heldOut: targets)))
    line(["labels", "colours"], "  label colours", .integer(palette.colours.count))
    return lines
  }
}
