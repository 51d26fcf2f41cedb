/// The rooms and the doors between them, as ARCHITECTURE.md draws them. What is not here is not allowed.
enum House {
  /// Which modules of this package and of its dependencies a room may import.
  static let doors: [String: Set<String>] = [
    "Tensors": [],
    "Execution": ["Tensors", "CKernels", "COneDNN", "CSLEEF"],
    "Networks": ["Tensors"],
    "Objectives": ["Tensors"],
    "Optimizers": ["Tensors"],
    "Telemetry": [],
    "Attach": ["Telemetry"],
    "EventFiles": [],
    "Models": ["Tensors", "Networks", "Objectives", "Optimizers", "Telemetry"],
    "Measures": ["CLAPACK", "CLibraryLock"],
    "Stability": ["Tensors", "Execution", "Objectives", "CLAPACK", "CLibraryLock"],
    "Datasets": ["CScheduling", "CPNG", "CJPEG", "CZlib", "COpenSSL"],
    "Runs": [
      "Tensors", "Execution", "Networks", "Objectives", "Optimizers", "Telemetry", "Models", "Measures", "Datasets",
      "Stability", "EventFiles", "CScheduling", "Yams", "GRDB", "GRDBSQLite",
    ],
    "Benchmarks": ["CAllocations", "Tensors", "Execution", "Models", "Datasets", "Runs"],
    "TerminalKit": ["CChafa", "Yams"],
    "Dashboard": ["Telemetry", "TerminalKit", "Yams"],
    "CursesTerminal": ["CCurses", "CScheduling", "CSignals", "TerminalKit"],
    "gantui": [
      "Telemetry", "Attach", "Execution", "Runs", "Models", "Datasets", "Measures", "Stability", "Benchmarks",
      "TerminalKit", "Dashboard", "CursesTerminal", "CAllocations", "ArgumentParser",
    ],
  ]

  /// Rooms of pure mathematics: no Foundation, no threads of their own, no input or output.
  static let pureRooms: Set<String> = ["Tensors", "Networks", "Objectives", "Optimizers"]

  /// What the toolchain brings and a pure room may use: `Glibc` for the elementary functions, `Synchronization` for atomics.
  static let pureToolchain: Set<String> = ["Swift", "Glibc", "Musl", "Synchronization"]
  static let toolchain: Set<String> = pureToolchain.union(["Foundation", "FoundationEssentials", "Dispatch"])

  /// The network is for data sets to be downloaded, and for nothing else.
  static let toolchainOfRoom: [String: Set<String>] = ["Datasets": ["FoundationNetworking"]]

  /// Modules that have exactly one door.
  static let onlyDoor = [
    "CCurses": "CursesTerminal", "ArgumentParser": "gantui", "COneDNN": "Execution",
    "CKernels": "Execution", "FoundationNetworking": "Datasets", "GRDB": "Runs",
    "GRDBSQLite": "Runs",
  ]

  static func mayImport(_ module: String, in room: String) -> Bool {
    guard let doors = doors[room] else { return false }
    return doors.contains(module)
      || (pureRooms.contains(room) ? pureToolchain : toolchain).contains(module)
      || toolchainOfRoom[room]?.contains(module) == true
  }
}
