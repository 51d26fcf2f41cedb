import Foundation

/// Reads the event files of a folder and of those below it, and goes on to read what is appended to them and what comes
/// new.
public struct EventFolderReader: Sendable {
  public let folder: String
  private var files: [FileID: File] = [:]
  /// Every tag that was seen, with the plugin that its first value was for.
  private var tags: [String: String] = [:]
  private var told: Set<Complaint> = []

  /// The most files that are followed, folders that lie in one another, and tags.
  static let fileLimit = 4096
  static let depthLimit = 4
  static let tagLimit = 4096
  private static let tagLength = 512

  private struct FileID: Hashable {
    var device: UInt64
    var number: UInt64
  }

  private struct File {
    var reader: EventFileReader
    /// The path of its folder, from the one that is read.
    var run: String
  }

  private enum Complaint: Hashable { case folder, files, tags }

  /// Nothing is read yet.
  public init(folder: String) { self.folder = folder }

  /// How many event files were found so far.
  public var fileCount: Int { files.count }

  /// Reads what is new, file by file in the order of their paths.
  ///
  /// - Parameter limit: the bytes after which reading pauses.
  public mutating func read(limit: Int = 1 << 25) -> EventIncrement {
    var increment = EventIncrement()
    find(&increment)
    var left = limit
    for id in files.sorted(by: { $0.value.reader.path < $1.value.reader.path }).map(\.key) {
      guard left > 0 else {
        increment.isBehind = true
        break
      }
      guard var file = files[id] else { continue }
      let start = file.reader.offset
      let outcome = file.reader.read(limit: left) { take($0, file.run, &increment) }
      left -= file.reader.offset - start
      files[id] = file
      increment.problems += outcome.problems
      increment.isBehind = increment.isBehind || outcome.isBehind
    }
    return increment
  }

  // MARK: records

  private mutating func take(_ record: EventRecord, _ run: String, _ increment: inout EventIncrement) {
    // Steps beyond what a Double counts cannot be drawn, and none were done.
    guard record.step >= 0, record.step < 1 << 53 else { return }
    switch record.content {
    case .start: restart(run, at: record.step, &increment)
    case .summary(let values):
      let time = record.wallTime.isFinite ? record.wallTime : 0
      for value in values { take(value, step: record.step, time: time, run, &increment) }
    case .fileVersion, .other: break
    }
  }

  private func restart(_ run: String, at step: Int, _ increment: inout EventIncrement) {
    for (tag, points) in increment.scalars where EventIncrement.isTag(tag, of: run) {
      let kept = points.filter { $0.step < step }
      increment.scalars[tag] = kept.isEmpty ? nil : kept
    }
    // A run that ended and goes on has not ended.
    increment.endings[run] = nil
    increment.restarts[run] = min(step, increment.restarts[run] ?? step)
  }

  private mutating func take(
    _ value: SummaryValue, step: Int, time: Double, _ run: String, _ increment: inout EventIncrement
  ) {
    if let session = value.plugin.flatMap(HyperparameterSession.init) {
      switch session {
      case .started(let values, _): increment.hyperparameters[run] = values
      case .ended(let status, _): increment.endings[run] = status
      }
      return
    }
    guard let name = know(value, run, &increment) else { return }
    let plugin = tags[name] ?? ""
    func add(_ number: Double) {
      increment.scalars[name, default: []].append(ScalarPoint(step: step, wallTime: time, value: number))
    }
    switch value.content {
    case .scalar(let number): add(Double(number))
    case .tensor(let tensor) where plugin.isEmpty || plugin == SummaryPlugin.scalars:
      if let number = tensor.scalar { add(number) }
    case .image(let image): increment.images[name] = ImagePoint(step: step, wallTime: time, image: image)
    case .tensor(let tensor) where plugin == SummaryPlugin.images:
      // Width and height as texts, then the pictures.
      guard tensor.texts.count >= 3 else { return }
      let sizes = tensor.texts.prefix(2).map { Int(String(decoding: $0.prefix(16), as: UTF8.self)) ?? 0 }
      let image = SummaryImage(width: sizes[0], height: sizes[1], colorspace: 0, encoded: tensor.texts[2])
      increment.images[name] = ImagePoint(step: step, wallTime: time, image: image)
    case .tensor, .other: break
    }
  }

  /// The name under which a value's tag is known here; nil for one tag too many.
  private mutating func know(_ value: SummaryValue, _ run: String, _ increment: inout EventIncrement) -> String? {
    guard case .other = value.content else {
      guard !value.tag.isEmpty, value.tag.utf8.count <= Self.tagLength else { return nil }
      let name = EventIncrement.tag(value.tag, run: run)
      if tags[name] != nil { return name }
      guard tags.count < Self.tagLimit else {
        complain(.tags, .tooManyTags(folder: folder, limit: Self.tagLimit), &increment)
        return nil
      }
      tags[name] = value.plugin?.name ?? ""
      return name
    }
    return nil
  }

  // MARK: files

  private mutating func complain(
    _ complaint: Complaint, _ problem: EventFileProblem, _ increment: inout EventIncrement
  ) {
    if told.insert(complaint).inserted { increment.problems.append(problem) }
  }

  /// Finds new files.
  private mutating func find(_ increment: inout EventIncrement) {
    var folders: Set<FileID> = []
    find(in: "", depth: 0, &folders, &increment)
  }

  private mutating func find(
    in run: String, depth: Int, _ folders: inout Set<FileID>, _ increment: inout EventIncrement
  ) {
    let path = run.isEmpty ? folder : "\(folder)/\(run)"
    guard let stream = opendir(path) else {
      if run.isEmpty { complain(.folder, .unreadable(path: path, errno: errno), &increment) }
      return
    }
    defer { closedir(stream) }
    var below: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard !name.hasPrefix(".") else { continue }
      var status = stat()
      let isEventFile = name.contains("tfevents")
      // Most entries of a run's folder are neither.
      guard isEventFile || entry.pointee.d_type != UInt8(DT_REG), stat("\(path)/\(name)", &status) == 0 else {
        continue
      }
      let id = FileID(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
      if status.st_mode & S_IFMT == S_IFDIR {
        // A link can lead to a folder that was seen already.
        if depth < Self.depthLimit, folders.insert(id).inserted { below.append(name) }
      } else if isEventFile, files[id] == nil {
        guard files.count < Self.fileLimit else {
          complain(.files, .tooManyFiles(folder: folder, limit: Self.fileLimit), &increment)
          return
        }
        files[id] = File(reader: EventFileReader(path: "\(path)/\(name)"), run: run)
      }
    }
    for name in below.sorted() {
      find(in: run.isEmpty ? name : "\(run)/\(name)", depth: depth + 1, &folders, &increment)
    }
  }
}
