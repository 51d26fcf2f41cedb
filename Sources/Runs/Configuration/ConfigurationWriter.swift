import Models
import Telemetry

extension RunConfiguration {
  /// The complete configuration as YAML, every key with its meaning beside it; it reads back to an equal value.
  public var yaml: String {
    var writer = ConfigurationWriter()
    writer.comment("The complete configuration of a run. Written by gantui; gantui catalog explains every key.")
    writer.write("name", name.yamlText)
    data.write(to: &writer)
    switch model {
    case .gan(let gan): gan.write(to: &writer)
    case .bigan(let bigan): bigan.write(to: &writer)
    case .pix2pix(let pix2pix): pix2pix.write(to: &writer)
    case .cyclegan(let cyclegan): cyclegan.write(to: &writer)
    }
    objective.write(to: &writer)
    writer.write(penalties)
    writer.write(techniques)
    optimizers.generator.write(to: &writer, "generator", opens: true)
    optimizers.discriminator.write(to: &writer, "discriminator", opens: false)
    writer.section("schedule")
    writer.write("schedule.batch", schedule.batch.description)
    writer.write("schedule.discriminator-steps", schedule.discriminatorSteps.description)
    writer.write("schedule.updates", schedule.updates.rawValue)
    writer.write("schedule.steps", schedule.steps.description)
    writer.write("schedule.checkpoint-every", schedule.checkpointEvery.description)
    writer.write("schedule.keep-checkpoints", schedule.keepCheckpoints.description)
    writer.write("schedule.keep-best", schedule.keepBest?.rawValue ?? "none")
    writer.write("schedule.rewind-memory", schedule.rewindMemory.description)
    writer.write("schedule.pace", schedule.pace?.yamlText ?? "none")
    writer.section("measures")
    writer.write("measures.every", measures.every.description)
    writer.write("measures.samples", measures.samples.description)
    writer.write("measures.neighbours", measures.neighbours.description)
    writer.write("measures.clusters", measures.clusters.description)
    writer.section("sampling")
    writer.write("sampling.truncation", sampling.truncation?.yamlText ?? "none")
    writer.write("alerts", "[\(alerts.map { $0.description.yamlText }.joined(separator: ", "))]")
    writer.write("seed", seed.description)
    writer.write("threads", threads.map(String.init) ?? "auto")
    writer.write("precision", precision.rawValue)
    writer.write("event-files", eventFiles.description)
    return writer.text
  }
}

/// Lays out keys and values as block YAML, with the catalog's explanations as comments.
struct ConfigurationWriter {
  private(set) var text = ""

  mutating func comment(_ line: String) { text += "# \(line)\n" }

  mutating func section(_ path: String) {
    text += indentation(path) + key(path) + ":\n"
  }

  mutating func write(_ path: String, _ value: String, kind: String? = nil) {
    let line = indentation(path) + key(path) + ": " + value
    let explanation = Catalog.entry(path, kind: kind).map { "  # " + $0.explanation } ?? ""
    text += line + explanation + "\n"
  }

  mutating func write<Kind>(_ list: [Parameterized<Kind>]) {
    if list.isEmpty {
      write(Kind.section, "[]")
      return
    }
    section(Kind.section)
    for element in list {
      text += "  - kind: \(element.kind.rawValue)\n"
      for parameter in element.kind.parameters {
        write(Parameterized<Kind>.id(element.kind, parameter.key), element[parameter.key].yamlText)
      }
    }
  }

  /// An element of a list under a path, with what explains it.
  mutating func element(of path: String, _ value: String, explanation: String?) {
    text += indentation(path) + "  - " + value + (explanation.map { "  # " + $0 } ?? "") + "\n"
  }

  private func indentation(_ path: String) -> String {
    String(repeating: "  ", count: path.count { $0 == "." })
  }

  private func key(_ path: String) -> Substring {
    path.lastIndex(of: ".").map { path[path.index(after: $0)...] } ?? path[...]
  }
}

extension DataConfiguration {
  fileprivate func write(to writer: inout ConfigurationWriter) {
    writer.section("data")
    writer.write("data.kind", kind.rawValue)
    func write(_ key: String, _ value: String) { writer.write("data.\(key)", value, kind: kind.rawValue) }
    func write(path: String?) { write("path", path?.yamlText ?? "none") }
    func write(size: Int, fit: ImageFitKind) {
      write("size", size.description)
      write("fit", fit.rawValue)
    }
    switch source {
    case .dirac: break
    case .ring(let modes, let radius, let deviation):
      write("modes", modes.description)
      write("radius", radius.yamlText)
      write("deviation", deviation.yamlText)
    case .grid(let side, let spacing, let deviation):
      write("side", side.description)
      write("spacing", spacing.yamlText)
      write("deviation", deviation.yamlText)
    case .moons(let noise), .swissRoll(let noise): write("noise", noise.yamlText)
    case .spiral(let arms, let noise):
      write("arms", arms.description)
      write("noise", noise.yamlText)
    case .checkerboard(let cells): write("cells", cells.description)
    case .pinwheel(let arms, let radialDeviation, let tangentialDeviation, let rate):
      write("arms", arms.description)
      write("radial-deviation", radialDeviation.yamlText)
      write("tangential-deviation", tangentialDeviation.yamlText)
      write("rate", rate.yamlText)
    case .drawn(let points, let jitter):
      let texts = points.map { "[\($0.x.yamlText), \($0.y.yamlText), \($0.weight.yamlText)]" }
      write("points", "[\(texts.joined(separator: ", "))]")
      write("jitter", jitter.yamlText)
    case .points(let path): write(path: path)
    case .mnist(_, let path, let size, let fit), .stackedMNIST(let path, let size, let fit),
      .digits(let path, let size, let fit):
      write(path: path)
      write(size: size, fit: fit)
    case .idx(let images, let labels, let size, let fit):
      write("images", images.yamlText)
      write("labels", labels?.yamlText ?? "none")
      write(size: size, fit: fit)
    case .images(let path, let size, let channels):
      write(path: path)
      write("size", size.description)
      write("channels", channels.description)
    case .pairs(let pairs):
      write(path: pairs.path)
      write("layout", pairs.layout.rawValue)
      write("aligned", pairs.isAligned.description)
      write("direction", pairs.direction.rawValue)
      write("jitter", pairs.jitters.description)
      write("mirror", pairs.mirrors.description)
      write("held-out", pairs.heldOut?.yamlText ?? "auto")
      write("size", pairs.size.description)
      write("channels", pairs.channels.description)
    }
    if kind.canBeStandardized { write("standardize", standardize.description) }
    guard kind.isFinite else { return }
    write("split", selection.split.rawValue)
    write("only", selection.only.yamlText)
    write("without", selection.without.yamlText)
    write("per-class", selection.perClass?.description ?? "all")
  }
}

extension AdversarialConfiguration {
  fileprivate func write(to writer: inout ConfigurationWriter) {
    writer.section("model")
    writer.write("model.kind", ModelKind.gan.rawValue)
    latent.write(to: &writer)
    generator.write(to: &writer, "model.generator")
    if generator.kind != .dirac { writer.write("model.generator.output", output.rawValue) }
    discriminator.write(to: &writer, "model.discriminator")
    writer.write("model.share-fakes", shareFakes.description)
    if case .auxiliary(let weight) = condition {
      writer.section("model.condition")
      writer.write("model.condition.kind", condition.kind.rawValue)
      writer.write("model.condition.weight", weight.yamlText, kind: condition.kind.rawValue)
    } else {
      writer.write("model.condition", condition.kind.rawValue)
    }
    if let code {
      writer.section("model.code")
      writer.write("model.code.categories", code.categories.description)
      writer.write("model.code.continuous", code.continuous.description)
      writer.write("model.code.weight", code.weight.yamlText)
    } else {
      writer.write("model.code", "none")
    }
    if let average {
      writer.section("model.average")
      writer.write("model.average.decay", average.decay.yamlText)
    } else {
      writer.write("model.average", "none")
    }
    if let growth {
      writer.section("model.growth")
      writer.write("model.growth.start", growth.start.description)
      writer.write("model.growth.fade-steps", growth.fadeSteps.description)
      writer.write("model.growth.stable-steps", growth.stableSteps.description)
    } else {
      writer.write("model.growth", "none")
    }
  }
}

extension LatentConfiguration {
  fileprivate func write(to writer: inout ConfigurationWriter) {
    writer.section("model.latent")
    writer.write("model.latent.dimension", dimension.description)
    writer.write("model.latent.distribution", distribution.rawValue)
  }
}

extension BidirectionalConfiguration {
  fileprivate func write(to writer: inout ConfigurationWriter) {
    writer.section("model")
    writer.write("model.kind", ModelKind.bigan.rawValue)
    latent.write(to: &writer)
    generator.write(to: &writer, "model.generator")
    writer.write("model.generator.output", output.rawValue)
    encoder.write(to: &writer, "model.encoder")
    discriminator.write(to: &writer, "model.discriminator")
    writer.write("model.joint-hidden", jointHidden.yamlText)
  }
}

extension PairedTranslationConfiguration {
  fileprivate func write(to writer: inout ConfigurationWriter) {
    writer.section("model")
    writer.write("model.kind", ModelKind.pix2pix.rawValue)
    generator.write(to: &writer, "model.generator")
    discriminator.write(to: &writer, "model.discriminator")
    writer.write("model.distance-weight", distanceWeight.yamlText)
    writer.write("model.adversarial-weight", adversarialWeight.yamlText)
  }
}

extension CycleConfiguration {
  fileprivate func write(to writer: inout ConfigurationWriter) {
    writer.section("model")
    writer.write("model.kind", ModelKind.cyclegan.rawValue)
    generator.write(to: &writer, "model.generator")
    discriminator.write(to: &writer, "model.discriminator")
    writer.write("model.cycle-weight", cycleWeight.yamlText)
    writer.write("model.identity-weight", identityWeight.yamlText)
    writer.write("model.pool", pool.description)
  }
}

extension NetworkConfiguration {
  fileprivate func write(to writer: inout ConfigurationWriter, _ path: String) {
    writer.section(path)
    writer.write("\(path).kind", kind.rawValue)
    func write(_ key: String, _ value: String) { writer.write("\(path).\(key)", value, kind: kind.rawValue) }
    func write(_ activation: ActivationConfiguration) {
      write("activation", activation.kind.rawValue)
      if case .leakyReLU(let slope) = activation { write("slope", slope.yamlText) }
    }
    func write(attention: Int?) { write("attention", attention?.description ?? "none") }
    func write(hidden: [Int]) { write("hidden", hidden.yamlText) }
    let initializer: InitializerConfiguration
    switch self {
    case .mlp(let mlp):
      write(hidden: mlp.hidden)
      write(mlp.activation)
      write("normalization", mlp.normalization.rawValue)
      write("dropout", mlp.dropout.yamlText)
      initializer = mlp.initializer
    case .maxout(let maxout):
      write(hidden: maxout.hidden)
      write("pieces", maxout.pieces.description)
      initializer = maxout.initializer
    case .dcgan(let dcgan):
      write("features", dcgan.features.description)
      write(dcgan.activation)
      write("normalization", dcgan.normalization.rawValue)
      initializer = dcgan.initializer
    case .residual(let residual):
      write("features", residual.features.description)
      write(residual.activation)
      write("normalization", residual.normalization.rawValue)
      write(attention: residual.attention)
      initializer = residual.initializer
    case .bigGAN(let bigGAN):
      write("features", bigGAN.features.description)
      write("embedding", bigGAN.embedding.description)
      write(attention: bigGAN.attention)
      initializer = bigGAN.initializer
    case .progressive(let progressive):
      write("features", progressive.features.description)
      write("most-features", progressive.mostFeatures.description)
      return
    case .style(let style):
      write("features", style.features.description)
      write("most-features", style.mostFeatures.description)
      write("mapping-depth", style.mappingDepth.description)
      write("style-dimension", style.styleDimension.description)
      write("mixing", style.mixing.yamlText)
      write("truncation", style.truncation.yamlText)
      return
    case .unet(let unet):
      write("features", unet.features.description)
      write("depth", unet.depth?.description ?? "auto")
      write("dropout", unet.dropout.yamlText)
      write("normalization", unet.normalization.rawValue)
      return
    case .resnet(let resnet):
      write("features", resnet.features.description)
      write("blocks", resnet.blocks?.description ?? "auto")
      write("normalization", resnet.normalization.rawValue)
      return
    case .dirac(let dirac):
      write("start", dirac.start.yamlText)
      if path.hasSuffix("discriminator") { write("offset", dirac.offset.yamlText) }
      return
    case .layers(let layers):
      writer.write(layers.layers, path: "\(path).layers")
      initializer = layers.initializer
    case .patch(let patch):
      write("receptive-field", patch.receptiveField.description)
      write("features", patch.features.description)
      write("normalization", patch.normalization.rawValue)
      return
    }
    write("spectral-normalization", hasSpectralNormalization.description)
    let value =
      switch initializer {
      case .normal(let deviation): "deviation: \(deviation.yamlText)"
      case .xavier(let gain), .he(let gain), .orthogonal(let gain): "gain: \(gain.yamlText)"
      }
    write("initializer", "{ kind: \(initializer.kind.rawValue), \(value) }")
  }
}

extension ObjectiveConfiguration {
  fileprivate func write(to writer: inout ConfigurationWriter) {
    writer.section("objective")
    writer.write("objective.kind", kind.rawValue)
    if case .leastSquares(let fake, let real, let target) = self {
      writer.write("objective.real-label", real.yamlText)
      writer.write("objective.fake-label", fake.yamlText)
      writer.write("objective.target-label", target.yamlText)
    }
  }
}

extension OptimizerConfiguration {
  fileprivate func write(to writer: inout ConfigurationWriter, _ player: String, opens: Bool) {
    if opens { writer.section("optimizers") }
    let path = "optimizers.\(player)"
    writer.section(path)
    writer.write("\(path).kind", rule.kind.rawValue)
    writer.write("\(path).rate", rate.yamlText)
    switch rule {
    case .sgd(let momentum): writer.write("\(path).momentum", momentum.yamlText)
    case .rmsprop(let decay, let epsilon, let momentum):
      writer.write("\(path).decay", decay.yamlText)
      writer.write("\(path).epsilon", epsilon.yamlText)
      writer.write("\(path).momentum", momentum.yamlText)
    case .adam(let beta1, let beta2, let epsilon):
      writer.write("\(path).beta1", beta1.yamlText)
      writer.write("\(path).beta2", beta2.yamlText)
      writer.write("\(path).epsilon", epsilon.yamlText)
    }
    writer.write("\(path).clip-norm", clipNorm?.yamlText ?? "none")
    let schedule =
      switch rateSchedule {
      case .constant: "constant"
      case .linear(let final): "{ kind: linear, final: \(final.yamlText) }"
      case .cosine(let final): "{ kind: cosine, final: \(final.yamlText) }"
      }
    writer.write("\(path).rate-schedule", schedule)
  }
}

extension Double {
  /// The shortest decimal that reads back to the same bits, in a form that every YAML reader takes for a number.
  var yamlText: String {
    let text = description
    if text.hasSuffix(".0") { return String(text.dropLast(2)) }
    guard let e = text.firstIndex(of: "e"), !text[..<e].contains(".") else { return text }
    return text[..<e] + ".0" + text[e...]
  }
}

extension [Int] {
  /// The numbers as a YAML list.
  var yamlText: String { "[\(map(String.init).joined(separator: ", "))]" }
}

extension String {
  /// The text as a double-quoted YAML scalar.
  fileprivate var yamlText: String {
    var result = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default:
        if scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .lineSeparator
          || scalar.properties.generalCategory == .paragraphSeparator || scalar.value == 0xFEFF
        {
          let hex = String(scalar.value, radix: 16)
          result += "\\U" + String(repeating: "0", count: 8 - hex.count) + hex
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
