import Foundation

/// A labelled IDX set of 16x16 images: three classes, each a bright bar in another place, with noise.
enum LabelledImages {
  static let side = 16
  static let classes = 3

  /// Writes `name-images` and `name-labels`; returns the path of the images.
  static func write(_ folder: TemporaryFolder, _ name: String, count: Int) throws -> (images: String, labels: String) {
    var pixels: [UInt8] = []
    var labels: [UInt8] = []
    // A linear congruence: the same images on every machine.
    var state: UInt32 = 1
    func noise() -> UInt8 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 27)
    }
    for image in 0..<count {
      let label = image % classes
      labels.append(UInt8(label))
      for _ in 0..<side {
        for column in 0..<side {
          let isBar = column / 5 == label && column % 5 < 3
          pixels.append((isBar ? 200 : 20) + noise())
        }
      }
    }
    return (
      try folder.write("\(name)-images", Data(header(3, [count, side, side]) + pixels)),
      try folder.write("\(name)-labels", Data(header(1, [count]) + labels))
    )
  }

  private static func header(_ rank: UInt8, _ dimensions: [Int]) -> [UInt8] {
    [0, 0, 8, rank] + dimensions.flatMap { size in (0..<4).map { UInt8(size >> (24 - 8 * $0) & 255) } }
  }
}
