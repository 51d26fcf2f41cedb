import CZlib
import Foundation
import Testing

@testable import Datasets

/// A folder that lives as long as the value.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "gantui-datasets-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    let file = file(name)
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  @discardableResult
  func write(_ text: String, _ name: String) throws -> String { try write(Array(text.utf8), name) }

  var contents: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }
}

/// Data shared by the developers of this project, beside the package; tests use it only where it is there.
func sharedData(_ name: String) -> String? {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  for candidate in ["../shared/data/", "../../shared/data/"] {
    let path = root.appendingPathComponent(candidate + name).standardizedFileURL.path
    if FileManager.default.fileExists(atPath: path) { return path }
  }
  return nil
}

/// An IDX file of unsigned bytes.
func idx(_ dimensions: [Int], _ bytes: [UInt8], type: UInt8 = 8) -> [UInt8] {
  var file: [UInt8] = [0, 0, type, UInt8(dimensions.count)]
  for dimension in dimensions {
    file += [
      UInt8(dimension >> 24 & 255), UInt8(dimension >> 16 & 255), UInt8(dimension >> 8 & 255), UInt8(dimension & 255),
    ]
  }
  return file + bytes
}

/// The bytes as a gzip file.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  guard
    deflateInit2_(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      == Z_OK
  else { return [] }
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: bytes.count + 1024)
  return input.withUnsafeMutableBufferPointer { input in
    let count = output.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      _ = deflate(&stream, Z_FINISH)
      return output.count - Int(stream.avail_out)
    }
    return Array(output[..<count])
  }
}

/// The sentence of the error that `body` throws; nil when it throws none.
func sentence(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    let text = "\(error)"
    #expect(text.hasSuffix("."), "\(text) is no sentence")
    #expect(!text.contains("\n"))
    return text
  }
}

/// A small generator for tests: splitmix64.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }

/// A file as NumPy writes it.
func npy(_ descr: String, _ shape: String, _ data: [UInt8], fortran: Bool = false, version: UInt8 = 1)
  -> [UInt8]
{
  var header = "{'descr': \(descr), 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }"
  let prefix = version == 1 ? 10 : 12
  while (prefix + header.utf8.count + 1) % 64 != 0 { header += " " }
  header += "\n"
  let length = header.utf8.count
  var bytes: [UInt8] = NPY.signature + [version, 0, UInt8(length & 255), UInt8(length >> 8)]
  if version > 1 { bytes += [0, 0] }
  return bytes + Array(header.utf8) + data
}
