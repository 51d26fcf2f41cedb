/// What the machine and the process did since the last report.
public struct SystemReport: Sendable, Equatable {
  public struct Thread: Sendable, Equatable {
    /// Threads of one name are one.
    public var name: String
    public var count: Int
    /// In cores, 1 for one that is busy throughout.
    public var cores: Double
    public init(name: String, count: Int, cores: Double) {
      self.name = name
      self.count = count
      self.cores = cores
    }
  }

  /// CPU time of this process and of all, in cores.
  public var processCores: Double
  public var machineCores: Double
  /// The machine's cores.
  public var cores: Int
  /// Bytes in memory of this process, in use on the machine, and there at all.
  public var residentBytes: Double
  public var usedBytes: Double
  public var totalBytes: Double
  /// Degrees Celsius of the hottest sensor of the processor; nil where the system tells none.
  public var temperature: Double?
  /// The busiest first.
  public var threads: [Thread]

  public init(
    processCores: Double, machineCores: Double, cores: Int, residentBytes: Double, usedBytes: Double,
    totalBytes: Double, temperature: Double?, threads: [Thread]
  ) {
    self.processCores = processCores
    self.machineCores = machineCores
    self.cores = cores
    self.residentBytes = residentBytes
    self.usedBytes = usedBytes
    self.totalBytes = totalBytes
    self.temperature = temperature
    self.threads = threads
  }
}

/// The newest report, and the curves of those before.
struct SystemHistory: Sendable, Equatable {
  static let capacity = 240
  private(set) var last: SystemReport?
  private(set) var process: [Double] = []
  private(set) var machine: [Double] = []
  private(set) var resident: [Double] = []

  mutating func take(_ report: SystemReport) {
    last = report
    func append(_ value: Double, to curve: inout [Double]) {
      if curve.count >= Self.capacity { curve.removeFirst(Self.capacity / 4) }
      curve.append(value)
    }
    append(report.processCores, to: &process)
    append(report.machineCores, to: &machine)
    append(report.residentBytes, to: &resident)
  }
}
