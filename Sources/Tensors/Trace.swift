import Synchronization

/// The recording of one piece of tensor code: its first error and the label of the layer at work.
public enum Trace {
  final class Recorder: Sendable {
    let first = Mutex<TensorError?>(nil)
  }
  @TaskLocal static var recorder: Recorder?
  @TaskLocal public static var label = ""

  static func record(_ error: TensorError) {
    recorder?.first.withLock { if $0 == nil { $0 = error } }
  }
}

/// Runs tensor code and throws the first error that an operation in it recorded.
public func trace<Result>(_ body: () throws -> Result) throws -> Result {
  let recorder = Trace.Recorder()
  let result = try Trace.$recorder.withValue(recorder, operation: body)
  if let error = recorder.first.withLock({ $0 }) { throw error }
  return result
}

/// Runs tensor code with a layer's name appended to the label of the nodes it makes.
public func labelled<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
  try Trace.$label.withValue(Trace.label.isEmpty ? name : Trace.label + "/" + name, operation: body)
}
