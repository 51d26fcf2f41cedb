import Foundation
import Testing

/// A folder of configurations, data and runs that is gone after the test.
final class Workspace {
  let path: String
  private var scratchCount = 0

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("gantui-e2e-\(UUID().uuidString)").path
    for folder in ["home", "scratch"] {
      try FileManager.default.createDirectory(atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// What programs see: nothing of the person who runs the tests.
  var environment: [String: String] {
    [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": path + "/home",
      "XDG_CACHE_HOME": path + "/cache", "GANTUI_RUNS": runs, "LANG": "C.UTF-8", "TERM": "xterm-256color",
    ]
  }

  var runs: String { path + "/runs" }

  /// The path of a file that nobody has yet.
  func scratch(_ ending: String) -> String {
    scratchCount += 1
    return "\(path)/scratch/\(scratchCount).\(ending)"
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, Data(text.utf8)) }

  @discardableResult
  func write(_ name: String, _ data: Data) throws -> String {
    let file = "\(path)/\(name)"
    try data.write(to: URL(fileURLWithPath: file))
    return file
  }

  // MARK: runs

  /// The steps of a run that have a checkpoint, ascending.
  func checkpoints(_ run: String) -> [Int] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(runs)/\(run)/checkpoints")) ?? []
    return files.compactMap { file in
      file.hasSuffix(".safetensors") ? Int(file.dropFirst("step-".count).dropLast(".safetensors".count)) : nil
    }.sorted()
  }

  func checkpointPath(_ run: String, _ step: Int) -> String {
    "\(runs)/\(run)/checkpoints/step-\(String(repeating: "0", count: max(0, 8 - "\(step)".count)))\(step).safetensors"
  }

  func checkpoint(_ run: String, _ step: Int) throws -> TensorFile { try TensorFile(checkpointPath(run, step)) }

  /// What a run's journal says happened, as the program exports it.
  func journal(_ run: String) throws -> [[String: Any]] {
    let outcome = try Program.run(["export", run, "--format", "jsonl", "--events"], in: self)
    guard outcome.status == 0 else { throw TestError("no journal: \(outcome.errors)") }
    return outcome.objects().filter { $0["kind"] as? String != "metric" }
  }

  // MARK: configurations

  /// A small GAN on a ring, with weight averaging and a cosine schedule.
  func ring(
    _ name: String = "ring", hidden: Int = 16, batch: Int = 16, steps: Int = 400, checkpointEvery: Int = 100,
    rate: String = "1e-3", extra: String = ""
  ) throws -> String {
    try write(
      "\(name).yaml",
      """
      name: \(name)
      data: { kind: ring, modes: 8, radius: 2, deviation: 0.02 }
      model:
        kind: gan
        latent: { dimension: 2 }
        generator: { kind: mlp, hidden: [\(hidden), \(hidden)] }
        discriminator: { kind: mlp, hidden: [\(hidden), \(hidden)], activation: leaky-relu }
        average: { decay: 0.99 }
      penalties: [ { kind: gradient-penalty, weight: 0.1 } ]
      optimizers:
        generator: { kind: adam, rate: \(rate), rate-schedule: { kind: cosine, final: 0.1 } }
        discriminator: { kind: adam, rate: \(rate), rate-schedule: { kind: cosine, final: 0.1 } }
      schedule: { batch: \(batch), steps: \(steps), checkpoint-every: \(checkpointEvery) }
      measures: { every: 100, samples: 200 }
      \(extra)
      """)
  }

  /// A small DCGAN with batch normalization on generated images.
  func images(_ name: String = "images", steps: Int, checkpointEvery: Int, path: String = "images.idx") throws
    -> String
  {
    if !FileManager.default.fileExists(atPath: "\(self.path)/images.idx") { try write("images.idx", Self.idx()) }
    return try write(
      "\(name).yaml",
      """
      name: \(name)
      data: { kind: idx, images: \(path), size: 28 }
      model:
        kind: gan
        latent: { dimension: 8 }
        generator: { kind: dcgan, features: 4 }
        discriminator: { kind: dcgan, features: 4, activation: leaky-relu }
        average: { decay: 0.99 }
      schedule: { batch: 8, steps: \(steps), checkpoint-every: \(checkpointEvery) }
      measures: { every: 1000, samples: 100 }
      """)
  }

  /// An IDX file of gray squares at places that a small generator chooses.
  static func idx(count: Int = 256, side: Int = 28) -> Data {
    func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
    var bytes: [UInt8] = [0, 0, 8, 3] + word(count) + word(side) + word(side)
    var state: UInt32 = 1
    func draw(_ limit: Int) -> Int {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int(state >> 16) % limit
    }
    for _ in 0..<count {
      let (left, top, size, gray) = (draw(side - 8), draw(side - 8), 4 + draw(5), UInt8(128 + draw(128)))
      for y in 0..<side {
        for x in 0..<side {
          bytes.append(left..<(left + size) ~= x && top..<(top + size) ~= y ? gray : 0)
        }
      }
    }
    return Data(bytes)
  }
}

/// A safetensors file, read without the program's own reader.
struct TensorFile {
  struct Tensor: Equatable {
    var type: String
    var shape: [Int]
    var bytes: Data
  }

  var tensors: [String: Tensor] = [:]
  var metadata: [String: String] = [:]

  init(_ path: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    guard data.count >= 8 else { throw TestError("\(path): too short") }
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard data.count >= 8 + length,
      let header = try JSONSerialization.jsonObject(with: data[8..<(8 + length)]) as? [String: [String: Any]]
    else { throw TestError("\(path): no header") }
    let body = data.dropFirst(8 + length)
    for (name, entry) in header {
      if name == "__metadata__" {
        metadata = entry as? [String: String] ?? [:]
        continue
      }
      guard let type = entry["dtype"] as? String, let shape = entry["shape"] as? [Int],
        let range = entry["data_offsets"] as? [Int], range.count == 2, range[1] <= body.count
      else { throw TestError("\(path): tensor \(name) is damaged") }
      tensors[name] = Tensor(
        type: type, shape: shape, bytes: Data(body.dropFirst(range[0]).prefix(range[1] - range[0])))
    }
  }

  /// The names of tensors that are not the same, byte for byte.
  func differences(from other: TensorFile) -> [String] {
    Set(tensors.keys).union(other.tensors.keys).filter { tensors[$0] != other.tensors[$0] }.sorted()
  }

  /// The names of tensors that hold a number that is not finite.
  var notFinite: [String] {
    tensors.filter { _, tensor in
      tensor.bytes.withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count - 3, by: 4).contains { place in
          !bytes.loadUnaligned(fromByteOffset: place, as: Float.self).isFinite
        }
      }
    }.keys.sorted()
  }

  /// A live hyperparameter as the checkpoint keeps it.
  func hyperparameter(_ id: String) throws -> Double? {
    let text = metadata["hyperparameters"] ?? "{}"
    return (try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])?[id] as? Double
  }
}
