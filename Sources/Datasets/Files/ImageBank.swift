import Dispatch
import Synchronization

/// The images of many files, decoded to bytes of one size.
///
/// Some thousand are decoded at the start, on all cores. Of more, only the headers are checked then; they are decoded when
/// they are asked for, and kept as far as the memory budget goes. The first that fit stay: under a reshuffled order,
/// throwing out the oldest would gain nothing.
final class ImageBank: Sendable {
  typealias Decoder = @Sendable (_ file: String) throws(DatasetError) -> [UInt8]

  let files: [String]
  /// Which of the files that were given are these.
  let kept: [Int]
  /// One sentence for each file that was left out.
  let warnings: [String]
  /// Whether all images are in memory.
  let isDecoded: Bool
  private let decode: Decoder
  private let images: Mutex<[[UInt8]?]>
  private let free: Mutex<Int>

  /// More images than this take more than a few seconds to decode.
  static let eagerCount = 4096

  /// - Parameters:
  ///   - imageSize: bytes of a decoded image.
  ///   - skipsUnreadable: leave out files that cannot be decoded, with a warning each, instead of throwing. All files are
  ///     then decoded once at the start, so that what a batch holds never changes.
  ///   - memoryBudget: bytes of decoded images to keep.
  /// - Throws: the first file's `DatasetError`.
  init(
    files: [String], imageSize: Int, memoryBudget: Int, skipsUnreadable: Bool = false, decode: @escaping Decoder
  ) throws(DatasetError) {
    let budget = max(0, memoryBudget) / max(1, imageSize)
    let fits = files.count <= min(budget, Self.eagerCount)
    let outcomes = Self.examine(files, decodes: fits || skipsUnreadable, keeps: fits, decode: decode)
    if !skipsUnreadable, let error = outcomes.lazy.compactMap(\.error).first { throw error }
    let kept = files.indices.filter { outcomes[$0].error == nil }
    self.kept = kept
    self.files = kept.map { files[$0] }
    self.decode = decode
    warnings = outcomes.compactMap { $0.error?.description }
    isDecoded = fits
    images = Mutex(kept.map { outcomes[$0].image })
    free = Mutex(fits ? 0 : budget)
  }

  var count: Int { files.count }

  /// The bytes of an image.
  ///
  /// - Throws: `DatasetError` when its file can no longer be read.
  func image(_ index: Int) throws(DatasetError) -> [UInt8] {
    if let image = images.withLock({ $0[index] }) { return image }
    let image = try decode(files[index])
    let fits = free.withLock { free in
      guard free > 0 else { return false }
      free -= 1
      return true
    }
    if fits { images.withLock { $0[index] = image } }
    return image
  }

  private struct Outcome: Sendable {
    var image: [UInt8]?
    var error: DatasetError?
  }

  /// Decodes all files, or checks all headers, on all cores.
  private static func examine(_ files: [String], decodes: Bool, keeps: Bool, decode: Decoder) -> [Outcome] {
    let outcomes = Mutex([Outcome](repeating: Outcome(), count: files.count))
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
      var outcome = Outcome()
      do throws(DatasetError) {
        if decodes {
          let image = try decode(files[index])
          if keeps { outcome.image = image }
        } else {
          try ImageFile.checkHeader(files[index])
        }
      } catch {
        outcome.error = error
      }
      let finished = outcome
      outcomes.withLock { $0[index] = finished }
    }
    return outcomes.withLock { $0 }
  }
}
