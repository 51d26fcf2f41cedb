import CKernels
import Tensors

#if canImport(Glibc)
  import Glibc
#endif

/// In which numbers convolutions compute. Weights, their gradients and an optimizer's moments are f32 in both.
public enum Precision: String, Sendable, CaseIterable {
  case f32
  /// Images that convolutions read and make are bf16, rounded to nearest; sums are f32.
  case bf16
}

/// Runs programs with oneDNN and fused vector loops, in f32.
///
/// Values of type bool and i32 are computed as f32, which is exact up to 2^24; f64 is the reference backend's.
public struct CPUBackend: Backend, Sendable {
  /// Threads for work that is large enough to share; part of what decides a run's bits, as is the instruction set.
  public let threads: Int
  /// In which numbers convolutions compute.
  public let precision: Precision

  /// - Parameter threads: at least 1; smaller numbers count as 1.
  public init(threads: Int = 1, precision: Precision = .f32) {
    self.threads = max(1, threads)
    self.precision = precision
  }

  /// Whether this processor computes in bf16 by instructions of its own.
  public static var hasBF16: Bool { ck_has_bf16() != 0 }

  /// "avx512", "avx2" or "baseline".
  public static var instructionSet: String { String(cString: ck_instruction_set()) }

  public func makeStore(_ variables: [Variable], seed: UInt64) throws -> any VariableStore {
    try CPUStore(variables, seed: seed)
  }

  /// A store of these variables; compiling a program adds those that it uses and that are missing.
  public func makeCPUStore(_ variables: [Variable] = [], seed: UInt64) throws -> CPUStore {
    try CPUStore(variables, seed: seed)
  }

  public func compile(_ program: Program, store: any VariableStore) throws -> any CompiledProgram {
    guard let store = store as? CPUStore else { throw ExecutionError.foreignStore(backend: "CPU") }
    return try compile(program, store: store)
  }

  /// Prepares a program, adding its variables to the store.
  ///
  /// - Throws: a `TensorError` for a malformed or empty shape, an `ExecutionError` for f64 or where oneDNN or memory fail.
  public func compile(_ program: Program, store: CPUStore) throws -> CPUProgram {
    try CPUProgram(program, store: store, backend: self)
  }
}

/// A program as a flat list of calls on memory planned once: a run allocates nothing.
///
/// Runs belong to the thread that `CPUProgram.prepareThread` was called on, one run at a time.
public final class CPUProgram: CompiledProgram {
  public let program: Program
  /// Elements of the arena that all intermediate values share.
  public let arenaCount: Int
  /// Calls of a run.
  public var instructionCount: Int { instructions.count }
  private let store: CPUStore
  private let memory: CompiledMemory
  private let instructions: [Instruction]
  private let entries: UnsafePointer<ck_program>
  /// Whether a team or one thread runs it.
  let pace: UnsafeMutablePointer<ck_pace>
  private let labels: [String]
  private let inputs: [String: UnsafeMutableBufferPointer<Float>]
  private let outputs: [String: UnsafeMutableBufferPointer<Float>]
  private let convolutions: [ConvolutionPlan]
  private let primitives: [OpaquePointer]

  init(_ program: Program, store: CPUStore, backend: CPUBackend) throws {
    try program.verify()
    for node in program.nodes {
      let name = node.op.operation.name
      guard node.type.dtype != .f64 else {
        throw ExecutionError.unsupportedType(.f64, operation: name, backend: "CPU")
      }
      guard node.type.shape.count > 0 else {
        throw TensorError.shapeMismatch(
          operation: name, shapes: [node.type.shape], rule: "expected at least one element", label: node.label)
      }
    }
    for variable in program.variables { try store.add(variable) }
    let plan = try Plan(program, precision: backend.precision, threads: backend.threads)
    let scratch = plan.convolutions.values.map(\.scratchCount).max() ?? 0
    memory = try CompiledMemory(arena: plan.arenaCount, scratch: max(64 * Int(CK_TILE), scratch))
    let lowering = try Lowering(plan, store: store, memory: memory, threads: backend.threads)
    self.program = program
    self.store = store
    primitives = lowering.primitives
    arenaCount = plan.arenaCount
    instructions = lowering.instructions
    let list = memory.allocate(ck_instruction.self, count: instructions.count)
    for (index, instruction) in instructions.enumerated() { list[index] = instruction.entry }
    pace = memory.allocate(ck_pace.self, count: 1)
    pace.pointee = ck_pace()
    let whole = memory.allocate(ck_program.self, count: 1)
    whole.pointee = ck_program(
      instructions: list, count: instructions.count, threads: Int32(backend.threads),
      is_team: plan.isTeam ? 1 : 0, pace: pace)
    entries = UnsafePointer(whole)
    labels = lowering.labels
    inputs = lowering.inputs
    outputs = lowering.outputs
    convolutions = Array(plan.convolutions.values)
  }

  deinit { for primitive in primitives { ck_primitive_destroy(primitive) } }

  /// Tells oneDNN and libgomp how many threads work started by the calling thread has.
  public static func prepareThread(threads: Int) { ck_set_threads(Int32(threads)) }

  /// The memory of an input; it keeps its values between runs. Empty when the program does not use it.
  public func input(_ name: String) -> UnsafeMutableBufferPointer<Float> {
    inputs[name] ?? UnsafeMutableBufferPointer(start: nil, count: 0)
  }

  /// The memory of an output, valid until the next run.
  public func outputElements(_ name: String) throws(ExecutionError) -> UnsafeBufferPointer<Float> {
    guard let output = outputs[name] else { throw .unknownOutput(name, program: program.name) }
    return UnsafeBufferPointer(output)
  }

  public func setInput(_ name: String, _ values: [Double]) throws(ExecutionError) {
    guard let input = inputs[name] else { throw .unknownInput(name, program: program.name) }
    guard input.count == values.count else {
      throw .wrongCount(name: name, expected: input.count, found: values.count)
    }
    for (index, value) in values.enumerated() { input[index] = Float(value) }
  }

  public func output(_ name: String) throws(ExecutionError) -> [Double] { try outputElements(name).map(Double.init) }

  public func run(counter: UInt64, substep: UInt32) { ck_run_program(entries, counter, substep) }

  /// Runs once and returns the seconds of each instruction, with its kind and its layer's label.
  public func profile(counter: UInt64, substep: UInt32) -> [(kind: String, label: String, seconds: Double)] {
    zip(instructions, labels).map { instruction, label in
      var entry = instruction.entry
      let start = Self.now()
      ck_run_instruction(&entry, counter, substep)
      return (instruction.kind, label, Self.now() - start)
    }
  }

  /// Seconds of a clock that only goes forward.
  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The instructions as text, in order, for people who look at what a program became.
  public var listing: [String] {
    zip(instructions, labels).map { instruction, label in
      let text =
        switch instruction {
        case .elementwise(let kernel):
          "elementwise \(kernel.pointee.rows)x\(kernel.pointee.columns) outer \(kernel.pointee.outer_count) steps \(kernel.pointee.step_count) loads \(kernel.pointee.load_count) stores \(kernel.pointee.store_count) threads \(kernel.pointee.threads)"
        case .matmul(let product): "product \(product.pointee.m)x\(product.pointee.n)x\(product.pointee.k)"
        case .random(let draw): "random \(draw.pointee.samples)x\(draw.pointee.per_sample)"
        case .gather(let move): "gather \(move.pointee.count)x\(move.pointee.width)"
        case .scatterAdd(let move): "scatter \(move.pointee.count)x\(move.pointee.width)"
        case .transpose(let move): "transpose \(move.pointee.rows)x\(move.pointee.columns)"
        case .primitive: instruction.kind
        }
      return "\(text)  \(label)"
    }
  }
}
