import Foundation
import Models

@testable import Runs

/// Tiny games and tiny images.
enum AnalysisFixture {
  /// A smooth game of 33 parameters in the plane.
  static func ring(_ more: [String] = []) throws -> RunConfiguration {
    let yaml = """
      data: { kind: ring, modes: 4, radius: 1, deviation: 0.2 }
      model:
        kind: gan
        latent: { dimension: 2, distribution: normal }
        generator: { kind: mlp, hidden: [3], activation: tanh }
        discriminator: { kind: mlp, hidden: [4], activation: tanh }
      optimizers:
        generator: { kind: sgd, rate: 0.01 }
        discriminator: { kind: sgd, rate: 0.02 }
      schedule: { batch: 16, steps: 100 }
      """
    return try RunConfiguration(yaml: yaml, file: "tiny.yaml", overrides: more)
  }

  /// 200 images of 8 x 8 in two classes: class 0 is bright on the left, class 1 on the right.
  static func images(in folder: TemporaryFolder) throws -> RunConfiguration {
    let count = 200
    func header(_ sizes: [Int]) -> [UInt8] {
      [0, 0, 8, UInt8(sizes.count)]
        + sizes.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
    }
    var pixels: [UInt8] = []
    var labels: [UInt8] = []
    var state: UInt64 = 1
    for image in 0..<count {
      let label = image % 2
      labels.append(UInt8(label))
      for pixel in 0..<64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let noise = UInt8(state >> 58)
        pixels.append((pixel % 8 < 4) == (label == 0) ? 180 + noise : 10 + noise)
      }
    }
    let images = try folder.write("images", Data(header([count, 8, 8]) + pixels))
    let names = try folder.write("labels", Data(header([count]) + labels))
    let yaml = """
      data: { kind: idx, images: \(images), labels: \(names) }
      model:
        kind: gan
        latent: { dimension: 6, distribution: normal }
        generator: { kind: mlp, hidden: [32], activation: tanh }
        discriminator: { kind: mlp, hidden: [16], activation: leaky-relu }
      schedule: { batch: 16, steps: 100 }
      """
    return try RunConfiguration(yaml: yaml, file: "tiny.yaml")
  }
}
