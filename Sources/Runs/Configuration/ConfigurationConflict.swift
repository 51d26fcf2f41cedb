import Models

/// Values that are fine alone and impossible together.
public enum ConfigurationConflict: Sendable, Equatable {
  case convolutionsOnPoints(network: String, data: String)
  case convolutionSize(network: String, size: Int, accepted: [Int])
  case conditionWithoutLabels(data: String)
  case selectionWithoutLabels(data: String)
  case unknownClass(Int, classes: Int)
  case noClassesLeft
  case conditionOnMissingClasses
  case classesNeeded(network: String)
  case conditionInBatchNormalization
  case emptyCode
  case packingWithClasses
  case replayWithClasses
  case twoMinibatchFeatures
  case labelsOfCritic(objective: String)
  case labelsOutOfOrder(real: Double, fake: Double)
  case noAttentionMap(extent: Int, accepted: [Int])
  case networkOfOtherModel(network: String, model: String, accepted: [String])
  case translationWithoutPairs(model: String, data: String)
  case unalignedPairs(model: String)
  case unknownHeldOut(Double)
  case patchesTooLarge(field: Int, size: Int, accepted: [Int])
  case tooManyHalvings(depth: Int, size: Int)
  case notWithModel(what: String, model: String)
  case batchNormalizationOfOne
  case batchNormalizationInPenalizedCritic
  case unconstrainedCritic(takesPenalties: Bool)
  case latentTooShort(network: String, latent: Int, parts: Int)
  case twoConstraints
  case repeatedElement(kind: String)
  case equalLabels(Double)
  case slopeWithoutLeakyReLU(activation: String)
  case tooFewSamples(samples: Int, needed: Int)
  case tooManyWeights(count: Double, limit: Double)
  case classesInProgressive(network: String)
  case minibatchInProgressive
  case growthOf(player: String, network: String)
  case growthBeyondData(start: Int, size: Int)
  case growthWith(technique: String)
  case precisionWithoutConvolutions
  case alertSets(unknown: String, known: [String])
  case alertSetsOutside(String, value: Double, range: ClosedRange<Double>)
  case truncationOfStyle
  case truncationOfUniform
  case layer(LayerShapeError)
  case layersMakeOther(Int, made: [Int], sample: [Int])
  case diracAlone
  case diracWith(String)
  case precisionWithoutInstructions
}

extension ConfigurationConflict: CustomStringConvertible {
  public var description: String {
    switch self {
    case .convolutionsOnPoints(let network, let data):
      "\(network) makes and judges images, and \(data) data are points; use kind: mlp"
    case .conditionWithoutLabels(let data):
      "the networks would be given each sample's class, and \(data) data have no labels; use none or data with labels"
    case .selectionWithoutLabels(let data):
      "\(data) data have no labels to choose by; leave it out, or use data with labels"
    case .unknownClass(let number, let classes): "there is no class \(number): classes are 0 to \(classes - 1)"
    case .noClassesLeft: "only and without together leave no class to learn"
    case .conditionOnMissingClasses:
      "a conditional game asks for every class of the labels, and some are left out here; use condition: none, or all"
        + " classes"
    case .classesNeeded(let network):
      "\(network) is given the class that it makes; add condition: projection (or concatenation or auxiliary)"
    case .conditionInBatchNormalization:
      "the class goes into a residual generator by its batch normalizations; use normalization: batch"
    case .emptyCode: "has neither categories nor continuous elements; give it one, or use none"
    case .packingWithClasses:
      "packing judges samples together, and a class or code belongs to one; use no condition and no code, or no packing"
    case .replayWithClasses:
      "the pool of experience-replay keeps samples without their classes or codes; use no condition and no code, or no"
        + " experience-replay"
    case .twoMinibatchFeatures:
      "minibatch-discrimination and minibatch-deviation both show the batch to the discriminator; keep one of them"
    case .labelsOfCritic(let objective):
      "label-smoothing changes the labels of an objective that has labels, and \(objective) has none; use minimax,"
        + " non-saturating or least-squares, or no label-smoothing"
    case .labelsOutOfOrder(let real, let fake):
      "label-smoothing needs a real label above the fake one, and they are \(decimal(real)) and \(decimal(fake))"
    case .noAttentionMap(let extent, let accepted):
      "the network has maps of \(listed(accepted.map(String.init), "and")) pixels, and none of \(extent); take one of"
        + " these"
    case .convolutionSize(let network, let size, let accepted):
      "\(network) works on images of \(listed(accepted.map(String.init), "or")) pixels, and data.size is \(size);"
        + " use kind: mlp or another size"
    case .networkOfOtherModel(let network, let model, let accepted):
      "\(model) has no place for \(network) here; use \(listed(accepted, "or"))"
    case .translationWithoutPairs(let model, let data):
      "\(model) translates images, and \(data) data do not come in pairs; use data: { kind: pairs, path: ... }"
    case .unalignedPairs(let model):
      "\(model) learns from partners; use aligned: true, or model.kind: cyclegan, which needs none"
    case .unknownHeldOut(let value):
      "\(decimal(value)) is neither a share below 1 nor a whole number of pairs"
    case .patchesTooLarge(let field, let size, let accepted):
      "patches of \(field) pixels do not fit images of \(size); use \(listed(accepted.map(String.init), "or"))"
    case .tooManyHalvings(let depth, let size):
      "\(size) pixels cannot be halved \(depth) times; use auto or at most \(size.trailingZeroBitCount)"
    case .notWithModel(let what, let model): "\(what) does not go with model.kind: \(model); leave it out"
    case .batchNormalizationOfOne:
      "batch normalization needs at least 2 samples in a batch, and schedule.batch is 1; use layer normalization"
    case .batchNormalizationInPenalizedCritic:
      "batch normalization in the critic makes the gradient penalty invalid, for it penalizes each sample's gradient"
        + " alone (Gulrajani et al. 2017, section 4); use layer or none"
    case .unconstrainedCritic(let takesPenalties):
      "wasserstein needs a critic whose slope is bounded; add "
        + (takesPenalties ? "penalties: [{ kind: gradient-penalty }] or [{ kind: weight-clipping }], or " : "")
        + "spectral-normalization: true to the discriminator"
    case .latentTooShort(let network, let latent, let parts):
      "\(network) splits the latents into \(parts) parts, one for each of its blocks and the first, and there are"
        + " \(latent) of them; expected at least \(parts)"
    case .twoConstraints: "gradient-penalty and weight-clipping both bound the critic's slope; keep one of them"
    case .repeatedElement(let kind): "\(kind) is listed twice; keep one"
    case .equalLabels(let label):
      "real-label and fake-label are both \(decimal(label)); with equal labels there is nothing to tell apart"
    case .slopeWithoutLeakyReLU(let activation): "belongs to the activation leaky-relu, not to \(activation)"
    case .tooFewSamples(let samples, let needed):
      "needs at least \(needed) samples, and measures.samples is \(samples)"
    case .tooManyWeights(let count, let limit):
      "the network would have \(shortNumber(count)) weights, more than the \(shortNumber(limit)) that are accepted"
    case .classesInProgressive(let network):
      "the network kind \(network) takes no classes; use none, or another kind of network"
    case .minibatchInProgressive:
      "a progressive discriminator sees the deviation of its batch already; leave minibatch-discrimination out"
    case .growthOf(let player, let network):
      "progressive networks alone can grow, and the \(player) is \(network); use progressive (or a style generator), or"
        + " growth: none"
    case .growthBeyondData(let start, let size):
      "the first images would be \(start)x\(start), larger than data.size, \(size)"
    case .growthWith(let technique):
      "\(technique) keeps the past of networks and samples, which change their size as the run grows; leave it out, or use"
        + " growth: none"
    case .alertSets(let id, let known):
      "a rule sets \(id), which this run does not have; it has \(known.joined(separator: ", "))"
    case .alertSetsOutside(let id, let value, let range):
      "a rule sets \(id) to \(decimal(value)); expected \(decimal(range.lowerBound)) to \(decimal(range.upperBound))"
    case .truncationOfStyle: "a style generator truncates its styles; use model.generator.truncation"
    case .truncationOfUniform: "uniform latents have no tails to cut off; use distribution: normal, or none"
    case .layer(let error): "\(error)"
    case .layersMakeOther(let count, let made, let sample):
      "the last layer, \(count), makes \(made), and the data's samples are \(sample)"
        + (made.reduce(1, { $0 * Double($1) }) == sample.reduce(1, { $0 * Double($1) })
          ? "; end with reshape: \(sample)" : "")
    case .diracAlone: "the Dirac-GAN is data: dirac, generator: dirac and discriminator: dirac together"
    case .diracWith(let what): "\(what) does not go with the Dirac-GAN, whose players are two numbers; leave it out"
    case .precisionWithoutConvolutions: "bf16 is for convolutions, and this model's networks have none; take f32"
    case .precisionWithoutInstructions:
      "bf16 needs a processor with bf16 instructions (AVX-512 BF16), and this one has none; take f32"
    }
  }
}

/// "12 million" for 12,300,000.
private func shortNumber(_ value: Double) -> String {
  let billions = value / 1e9
  return billions >= 1
    ? "\(decimal((billions * 10).rounded() / 10)) billion" : "\(decimal((value / 1e6).rounded())) million"
}

/// A number as people write it: 1, 0.5, 1e-6.
func decimal(_ value: Double) -> String {
  Int(exactly: value).map(String.init) ?? String(value).replacing("e-0", with: "e-").replacing("e+0", with: "e+")
}
