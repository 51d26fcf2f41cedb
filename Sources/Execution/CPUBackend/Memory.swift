import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// Zeroed floats at a 64-byte boundary, freed with their owner.
final class FloatBuffer {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int
  /// The mapping that a large buffer lies in; nil for one of the heap.
  private let mapping: (start: UnsafeMutableRawPointer, bytes: Int)?

  private static let largePage = 2 << 20

  init(count: Int) throws(ExecutionError) {
    let bytes = max(count, 16) * MemoryLayout<Float>.stride
    let memory: UnsafeMutableRawPointer
    if bytes >= 2 * Self.largePage {
      // Fresh pages are zero without being written, and come when they are first used. Large ones spare convolutions,
      // which walk over many rows at once, most misses of the translation buffer.
      let whole = bytes + Self.largePage
      guard let start = mmap(nil, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        start != MAP_FAILED
      else { throw .outOfMemory(bytes: bytes) }
      mapping = (start, whole)
      memory = start.alignedUp(toMultipleOf: Self.largePage)
      madvise(memory, bytes, Int32(MADV_HUGEPAGE))
    } else {
      var start: UnsafeMutableRawPointer?
      guard posix_memalign(&start, 64, bytes) == 0, let start else { throw .outOfMemory(bytes: bytes) }
      memset(start, 0, bytes)
      mapping = nil
      memory = start
    }
    pointer = memory.bindMemory(to: Float.self, capacity: max(count, 16))
    self.count = count
  }

  deinit {
    if let mapping { munmap(mapping.start, mapping.bytes) } else { free(pointer) }
  }

  var elements: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: pointer, count: count) }
}

/// The variables of a run on the CPU backend, dense and row-major; bool and i32 are kept as f32, exact to 2^24.
public final class CPUStore: VariableStore {
  public let seed: UInt64
  public private(set) var variables: [Variable] = []
  private var buffers: [String: FloatBuffer] = [:]

  init(_ variables: [Variable], seed: UInt64) throws {
    self.seed = seed
    for variable in variables { try add(variable) }
  }

  /// Adds a variable with its initial value; one that is there already keeps its value.
  func add(_ variable: Variable) throws {
    guard buffers[variable.name] == nil else { return }
    guard variable.dtype != .f64 else {
      throw ExecutionError.unsupportedType(.f64, operation: "variable \(variable.name)", backend: "CPU")
    }
    let values = variable.initial(seed)
    let count = variable.shape.count
    guard values.count == count else {
      throw ExecutionError.wrongCount(name: variable.name, expected: count, found: values.count)
    }
    let buffer = try FloatBuffer(count: count)
    for (index, value) in values.enumerated() { buffer.pointer[index] = Float(value) }
    buffers[variable.name] = buffer
    variables.append(variable)
  }

  /// The elements themselves; valid while the store lives, and changed by every run that assigns the variable.
  public func elements(of name: String) throws(ExecutionError) -> UnsafeMutableBufferPointer<Float> {
    guard let buffer = buffers[name] else { throw .unknownVariable(name) }
    return buffer.elements
  }

  public func values(of name: String) throws(ExecutionError) -> [Double] { try elements(of: name).map(Double.init) }

  public func setValues(_ values: [Double], of name: String) throws(ExecutionError) {
    let elements = try elements(of: name)
    guard values.count == elements.count else {
      throw .wrongCount(name: name, expected: elements.count, found: values.count)
    }
    for (index, value) in values.enumerated() { elements[index] = Float(value) }
  }

  /// Copies the values of all variables that `other` has too.
  public func copyValues(from other: CPUStore) {
    for (name, buffer) in buffers {
      guard let source = other.buffers[name], source.count == buffer.count else { continue }
      buffer.pointer.update(from: source.pointer, count: buffer.count)
    }
  }
}
