/// The files of image pairs, in the order of their names without endings. In side-by-side pairs both lists are the same.
struct PairFiles: Equatable {
  var a: [String]
  var b: [String]

  static let empty = PairFiles(a: [], b: [])
  var isEmpty: Bool { a.isEmpty || b.isEmpty }

  /// The training and test files of a folder.
  ///
  /// A folder of side-by-side pairs holds them, or has sub-folders `train` and `test` (or `val`). A folder of folders has
  /// `A` and `B`, or `trainA`, `trainB`, `testA` and `testB`.
  ///
  /// - Parameter aligned: whether each file of A needs a partner of the same name in B.
  static func find(
    _ folder: String, name: String, layout: PairLayout, aligned: Bool, heldOut: PairHoldOut
  ) throws(DatasetError) -> (training: PairFiles, test: PairFiles) {
    guard FilePath.exists(folder) else { throw .fileNotFound(file: folder) }
    var training: PairFiles
    var test = PairFiles.empty
    switch layout {
    case .sideBySide:
      let train = folder + "/train"
      let isDivided = FilePath.isFolder(train)
      training = try sideBySide(isDivided ? train : folder)
      if isDivided, let own = ["test", "val"].map({ folder + "/" + $0 }).first(where: FilePath.isFolder) {
        test = try sideBySide(own)
      }
    case .folders:
      let isDivided = FilePath.isFolder(folder + "/trainA")
      let stem = isDivided ? folder + "/train" : folder + "/"
      training = try folders(stem + "A", stem + "B", aligned: aligned)
      if isDivided, FilePath.isFolder(folder + "/testA") {
        test = try folders(folder + "/testA", folder + "/testB", aligned: aligned)
      }
    }
    switch heldOut {
    case .nothing: test = .empty
    case .automatic where !test.isEmpty: break
    default:
      (training, test) = try training.divided(
        heldOut, name: name, isOneList: layout == .sideBySide || aligned)
    }
    return (training, test)
  }

  private static func sideBySide(_ folder: String) throws(DatasetError) -> PairFiles {
    let files = try images(folder)
    return PairFiles(a: files, b: files)
  }

  private static func folders(_ a: String, _ b: String, aligned: Bool) throws(DatasetError) -> PairFiles {
    let files = PairFiles(a: try images(a), b: try images(b))
    guard aligned else { return files }
    let stems = (a: files.a.map(stem), b: files.b.map(stem))
    if let place = zip(stems.a, stems.b).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      // The smaller name is the one that the other folder has passed over.
      throw stems.a[place] < stems.b[place]
        ? .unpaired(file: files.a[place], folder: b) : .unpaired(file: files.b[place], folder: a)
    }
    let count = min(files.a.count, files.b.count)
    if files.a.count > count { throw .unpaired(file: files.a[count], folder: b) }
    if files.b.count > count { throw .unpaired(file: files.b[count], folder: a) }
    return files
  }

  private static func images(_ folder: String) throws(DatasetError) -> [String] {
    let names = try ImageFile.images(in: folder).sorted { (stem($0), $0) < (stem($1), $1) }
    guard !names.isEmpty else { throw .emptyFolder(folder: folder, accepted: ImageFile.accepted) }
    return names.map { folder + "/" + $0 }
  }

  /// A file's name without folder and ending.
  static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }

  // MARK: holding out

  private func divided(
    _ heldOut: PairHoldOut, name: String, isOneList: Bool
  ) throws(DatasetError) -> (training: PairFiles, test: PairFiles) {
    let (first, heldA) = try Self.divided(a, heldOut, name: name)
    if isOneList {
      // Partners stay together, whatever their endings.
      let chosen = Set(heldA)
      let isHeld = a.map(chosen.contains)
      return (
        PairFiles(a: first, b: b.indices.filter { !isHeld[$0] }.map { b[$0] }),
        PairFiles(a: heldA, b: b.indices.filter { isHeld[$0] }.map { b[$0] })
      )
    }
    let (second, heldB) = try Self.divided(b, heldOut, name: name)
    return (PairFiles(a: first, b: second), PairFiles(a: heldA, b: heldB))
  }

  private static func divided(
    _ files: [String], _ heldOut: PairHoldOut, name: String
  ) throws(DatasetError) -> (training: [String], test: [String]) {
    let share: Double
    switch heldOut {
    case .nothing: return (files, [])
    case .last(let count):
      guard count >= 1, count < files.count else {
        throw .invalidParameter(
          dataset: name, key: "held-out", value: String(count),
          accepted: "a whole number from 1 to \(max(1, files.count - 1)), or a share")
      }
      return (Array(files.dropLast(count)), Array(files.suffix(count)))
    case .automatic:
      // A single pair cannot be divided.
      guard files.count > 1 else { return (files, []) }
      share = PairHoldOut.usualShare
    case .share(let value):
      try Parameter.within(value, 0.001...0.9, dataset: name, key: "held-out")
      share = value
    }
    let count = max(1, Int((share * Double(files.count)).rounded()))
    guard count < files.count else {
      throw .invalidParameter(
        dataset: name, key: "held-out", value: Parameter.text(share),
        accepted: "a share of \(files.count) files that leaves some on either side")
    }
    let chosen = Set(files.map { (hash(stem($0)), $0) }.sorted { $0 < $1 }.prefix(count).map(\.1))
    return (files.filter { !chosen.contains($0) }, files.filter(chosen.contains))
  }

  /// FNV-1a of 64 bits, finished as in MurmurHash3: the same on every machine and in every process.
  static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
    return hash ^ hash >> 33
  }
}
