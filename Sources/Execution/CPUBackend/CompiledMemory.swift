/// The memory behind a compiled program's instructions: descriptors, constants, arena and scratch, freed together.
final class CompiledMemory {
  private var blocks: [UnsafeMutableRawPointer] = []
  private var buffers: [FloatBuffer] = []
  private var scratchCount = 0
  private(set) var arena: FloatBuffer
  private var scratchBuffer: FloatBuffer
  private var constants: [UInt32: UnsafeMutablePointer<Float>] = [:]

  /// - Parameter scratch: floats of the scratch memory that all kernels share, since one runs at a time.
  init(arena count: Int, scratch: Int) throws(ExecutionError) {
    arena = try FloatBuffer(count: count)
    scratchBuffer = try FloatBuffer(count: scratch)
  }

  deinit { for block in blocks { block.deallocate() } }

  /// Zeroed room for `count` plain values.
  func allocate<T: BitwiseCopyable>(_ type: T.Type, count: Int) -> UnsafeMutablePointer<T> {
    let bytes = max(1, count) * MemoryLayout<T>.stride
    let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    block.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    blocks.append(block)
    return block.bindMemory(to: type, capacity: max(1, count))
  }

  /// Scratch memory of at least this size; kernels never run at the same time, so they share it.
  func scratch(count: Int) throws(ExecutionError) -> UnsafeMutablePointer<Float> {
    if count > scratchBuffer.count {
      // Kernels made earlier hold the old buffer's address: it stays until the program goes.
      buffers.append(scratchBuffer)
      scratchBuffer = try FloatBuffer(count: max(count, 2 * scratchBuffer.count))
    }
    return scratchBuffer.pointer
  }

  /// A single value in memory.
  func constant(_ value: Float) -> UnsafeMutablePointer<Float> {
    if let known = constants[value.bitPattern] { return known }
    let place = allocate(Float.self, count: 1)
    place.pointee = value
    constants[value.bitPattern] = place
    return place
  }

  /// Values that last as long as the program.
  func buffer(count: Int) throws(ExecutionError) -> UnsafeMutablePointer<Float> {
    let buffer = try FloatBuffer(count: count)
    buffers.append(buffer)
    return buffer.pointer
  }
}
