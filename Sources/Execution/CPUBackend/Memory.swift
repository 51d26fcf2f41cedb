import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// Zeroed floats at a 64-byte boundary, freed with their owner.
final class FloatBuffer {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) throws(ExecutionError) {
    let bytes = max(count, 16) * MemoryLayout<Float>.stride
    var memory: UnsafeMutableRawPointer?
    // Large pages spare convolutions, which walk over many rows at once, most misses of the translation buffer.
    let isLarge = bytes >= 4 << 20
    guard posix_memalign(&memory, isLarge ? 2 << 20 : 64, bytes) == 0, let memory else {
      throw .outOfMemory(bytes: bytes)
    }
    if isLarge { madvise(memory, bytes, Int32(MADV_HUGEPAGE)) }
    memset(memory, 0, bytes)
    pointer = memory.bindMemory(to: Float.self, capacity: max(count, 16))
    self.count = count
  }

  deinit { free(pointer) }

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
