/// Pairs of images in files: a source each, and the target that it is to be translated into.
public struct PairsConfiguration: Sendable, Equatable {
  public var path: String
  public var layout: PairLayoutKind
  /// Whether a batch holds partners; false: sources and targets are drawn independently.
  public var isAligned: Bool
  /// Width and height in pixels.
  public var size: Int
  /// 1 for gray, 3 for colour.
  public var channels: Int
  public var direction: PairDirectionKind
  /// Whether a random window is cut out of an image that is 286/256 times as large.
  public var jitters: Bool
  /// Whether images are mirrored half of the time.
  public var mirrors: Bool
  /// What is not trained on: a share below 1, or a number of pairs; nil for the files' own test folder, else a tenth.
  public var heldOut: Double?

  public init(
    path: String, layout: PairLayoutKind = .sideBySide, isAligned: Bool = true, size: Int = 64, channels: Int = 3,
    direction: PairDirectionKind = .aToB, jitters: Bool = true, mirrors: Bool = true, heldOut: Double? = nil
  ) {
    self.path = path
    self.layout = layout
    self.isAligned = isAligned
    self.size = size
    self.channels = channels
    self.direction = direction
    self.jitters = jitters
    self.mirrors = mirrors
    self.heldOut = heldOut
  }
}

/// How the two images of a pair lie in files, by the names that configurations use.
public enum PairLayoutKind: String, Sendable, CaseIterable {
  /// One file holds both: A is the left half, B the right.
  case sideBySide = "side-by-side"
  /// Folders A and B.
  case folders
}

/// Which of the two images is the source, by the names that configurations use.
public enum PairDirectionKind: String, Sendable, CaseIterable {
  case aToB = "a-to-b"
  case bToA = "b-to-a"
}
