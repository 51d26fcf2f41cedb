import Dashboard
import Foundation

/// Measures the machine and this process by way of `/proc` and `/sys`.
struct SystemSampler {
  private let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
  private let page = Double(sysconf(Int32(_SC_PAGESIZE)))
  private let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  private var last: (time: Double, process: Double, busy: Double, threads: [String: Double])?
  /// Files of the processor's temperature, found once.
  private lazy var sensors = Self.findSensors()

  /// What happened since the last call; nil at the first.
  /// - Parameter time: seconds on a clock that only goes on.
  mutating func sample(at time: Double) -> SystemReport? {
    let process = Self.cpuTicks(of: "/proc/self/stat")?.ticks ?? 0
    let busy = Self.busyTicks()
    let threads = Self.threads()
    defer { last = (time, process, busy, threads.mapValues(\.ticks)) }
    guard let last, time > last.time else { return nil }
    let scale = 1 / (ticks * (time - last.time))
    let used = threads.map { entry in
      // A thread that is gone takes its time with it: never less than none.
      SystemReport.Thread(
        name: entry.key, count: entry.value.count,
        cores: max(0, entry.value.ticks - (last.threads[entry.key] ?? entry.value.ticks)) * scale)
    }
    let memory = Self.memory()
    return SystemReport(
      processCores: max(0, process - last.process) * scale, machineCores: max(0, busy - last.busy) * scale,
      cores: cores, residentBytes: Self.residentPages() * page, usedBytes: memory.used, totalBytes: memory.total,
      temperature: sensors.compactMap(Self.temperature).max(),
      threads: Array(used.sorted { ($0.cores, $1.name) > ($1.cores, $0.name) }.prefix(16)))
  }

  private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

  /// The name and the CPU time in ticks of a `stat` file; the name stands in parentheses and may have any character.
  private static func cpuTicks(of path: String) -> (name: String, ticks: Double)? {
    guard let text = text(path), let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")") else {
      return nil
    }
    let fields = text[close...].dropFirst(2).split(separator: " ")
    // utime and stime are the fields 14 and 15; the third is the first behind the name.
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
    return (String(text[text.index(after: open)..<close]), user + system)
  }

  private static func threads() -> [String: (count: Int, ticks: Double)] {
    var result: [String: (count: Int, ticks: Double)] = [:]
    for thread in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? [] {
      guard let own = cpuTicks(of: "/proc/self/task/\(thread)/stat") else { continue }
      // What Dispatch calls its threads, cut to the system's fifteen letters, tells nobody anything.
      let isWorker = own.name.hasSuffix("overcommit") || own.name.hasPrefix("com.apple.root")
      let name = isWorker ? "dispatch" : own.name
      let before = result[name] ?? (0, 0)
      result[name] = (before.count + 1, before.ticks + own.ticks)
    }
    return result
  }

  /// Ticks of all cores that were neither idle nor waiting for a disk.
  private static func busyTicks() -> Double {
    guard let line = text("/proc/stat")?.prefix(while: { $0 != "\n" }) else { return 0 }
    let fields = line.split(separator: " ").dropFirst().prefix(8).map { Double($0) ?? 0 }
    guard fields.count >= 5 else { return 0 }
    return fields.reduce(0, +) - fields[3] - fields[4]
  }

  private static func residentPages() -> Double {
    text("/proc/self/statm").flatMap { $0.split(separator: " ").dropFirst().first.flatMap { Double($0) } } ?? .nan
  }

  private static func memory() -> (used: Double, total: Double) {
    var values: [Substring: Double] = [:]
    for line in text("/proc/meminfo")?.split(separator: "\n").prefix(8) ?? [] {
      let fields = line.split(separator: " ")
      if fields.count > 1, let value = Double(fields[1]) { values[fields[0]] = value * 1024 }
    }
    guard let total = values["MemTotal:"], let free = values["MemAvailable:"] ?? values["MemFree:"] else {
      return (.nan, .nan)
    }
    return (total - free, total)
  }

  /// The sensors of the processor: thermal zones of its kinds, and the monitors of its drivers.
  private static func findSensors() -> [String] {
    let files = FileManager.default
    var result: [String] = []
    for zone in (try? files.contentsOfDirectory(atPath: "/sys/class/thermal")) ?? []
    where zone.hasPrefix("thermal_zone") {
      let kind = (text("/sys/class/thermal/\(zone)/type") ?? "").lowercased()
      if ["cpu", "x86", "soc", "core"].contains(where: kind.contains) {
        result.append("/sys/class/thermal/\(zone)/temp")
      }
    }
    for monitor in (try? files.contentsOfDirectory(atPath: "/sys/class/hwmon")) ?? [] {
      let name = (text("/sys/class/hwmon/\(monitor)/name") ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
      if ["coretemp", "k10temp", "zenpower", "cpu_thermal"].contains(name) {
        result.append("/sys/class/hwmon/\(monitor)/temp1_input")
      }
    }
    return result
  }

  /// Degrees from the thousandths that a sensor tells.
  private static func temperature(_ path: String) -> Double? {
    text(path).flatMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }.map { $0 / 1000 }
      .flatMap { (-50...200).contains($0) ? $0 : nil }
  }
}
