// swift-tools-version: 6.1
import PackageDescription

let swift: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// Kernels promise equal bits on every run: no contraction into fused multiply-add behind our back.
let kernels: [CSetting] = [
  .unsafeFlags(["-O3", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"])
]

/// Flags of an x86 instruction set; other processors have none of these files' code.
func instructions(_ flags: String...) -> [CSetting] {
  #if arch(x86_64)
    [.unsafeFlags(flags)]
  #else
    []
  #endif
}

/// A room of the house: a Swift library target. ARCHITECTURE.md has the arrows; a test checks them.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swift)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: swift)
}

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let grdb: [Target.Dependency] = [
  .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
]

let package = Package(
  name: "gantui",
  products: [.executable(name: "gantui", targets: ["gantui"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .systemLibrary(name: "COneDNN"),
    .systemLibrary(name: "CSLEEF"),
    .systemLibrary(name: "CLAPACK"),
    .systemLibrary(name: "CCurses"),
    .systemLibrary(name: "CPNG"),
    .systemLibrary(name: "CJPEG"),
    .systemLibrary(name: "CZlib"),
    .systemLibrary(name: "CChafa", pkgConfig: "chafa", providers: [.apt(["libchafa-dev", "libglib2.0-dev"])]),
    .target(name: "CScheduling"),
    .target(name: "CSignals"),
    .target(name: "CAllocations"),
    .target(name: "CLibraryLock"),
    .target(name: "CVectorMath256", dependencies: ["CSLEEF"], cSettings: kernels + instructions("-mavx2", "-mfma")),
    .target(
      name: "CVectorMath512", dependencies: ["CVectorMath256"],
      cSettings: kernels + instructions("-mavx512f", "-mavx512dq")),
    .target(
      name: "CKernels", dependencies: ["COneDNN", "CSLEEF", "CVectorMath256", "CVectorMath512"], cSettings: kernels,
      linkerSettings: ["dnnl", "sleef", "gomp"].map { .linkedLibrary($0) }),
    .systemLibrary(name: "COpenSSL"),

    room("Tensors"),
    room("Execution", ["Tensors", "CKernels", "COneDNN"]),
    room("Networks", ["Tensors"]),
    room("Objectives", ["Tensors"]),
    room("Optimizers", ["Tensors"]),
    room("Telemetry"),
    room("Attach", ["Telemetry"]),
    room("EventFiles"),
    room("Models", ["Tensors", "Networks", "Objectives", "Optimizers", "Telemetry"]),
    room("Measures", ["CLAPACK", "CLibraryLock"]),
    room("Stability", ["Tensors", "Execution", "Objectives", "CLAPACK", "CLibraryLock"]),
    room("Datasets", ["CScheduling", "CPNG", "CJPEG", "CZlib", "COpenSSL"]),
    room(
      "Runs",
      [
        "Tensors", "Execution", "Networks", "Objectives", "Optimizers", "Telemetry", "Models", "Measures", "Datasets",
        "Stability", "EventFiles", "CScheduling", yams,
      ] + grdb),
    room("Benchmarks", ["CAllocations", "Tensors", "Execution", "Models", "Datasets", "Runs"]),
    room("TerminalKit", ["CChafa", yams]),
    room("Dashboard", ["Telemetry", "TerminalKit", yams]),
    room("CursesTerminal", ["CCurses", "CScheduling", "CSignals", "TerminalKit"]),
    .executableTarget(
      name: "gantui",
      dependencies: [
        "Telemetry", "Attach", "Execution", "Runs", "Models", "Datasets", "Measures", "Stability", "Benchmarks",
        "TerminalKit", "Dashboard", "CursesTerminal", "CAllocations",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swift),

    tests("TensorsTests", ["Tensors"]),
    tests("ExecutionTests", ["Execution", "Tensors"]),
    tests("NetworksTests", ["Networks", "Execution", "Tensors"]),
    tests("ObjectivesTests", ["Objectives", "Execution", "Tensors"], resources: [.copy("Data")]),
    tests("OptimizersTests", ["Optimizers", "Execution", "Tensors"]),
    tests(
      "ParityTests", ["Networks", "Objectives", "Optimizers", "Execution", "Tensors"], resources: [.copy("Data")]),
    tests("TelemetryTests", ["Telemetry"]),
    tests("AttachTests", ["Attach", "Telemetry"]),
    tests("EventFilesTests", ["EventFiles"], resources: [.copy("Data")]),
    tests("ModelsTests", ["Models", "Execution", "Tensors", "Telemetry"]),
    tests("MeasuresTests", ["Measures"]),
    tests(
      "StabilityTests", ["Stability", "Networks", "Objectives", "Execution", "Tensors"], resources: [.copy("Data")]),
    tests("DatasetsTests", ["Datasets"]),
    tests(
      "RunsTests", ["Runs", "Models", "Datasets", "Telemetry", "Stability", "EventFiles", "Execution", "Tensors"]),
    tests("BenchmarksTests", ["Benchmarks", "Execution"]),
    tests("TerminalKitTests", ["TerminalKit"], resources: [.copy("Data")]),
    tests("DashboardTests", ["Dashboard", "Telemetry", "TerminalKit"], resources: [.copy("Frames")]),
    tests("CursesTerminalTests", ["CursesTerminal", "CCurses", "TerminalKit"]),
    tests("ArchitectureTests", []),
    tests("EndToEndTests", []),
  ],
  swiftLanguageModes: [.v6]
)
