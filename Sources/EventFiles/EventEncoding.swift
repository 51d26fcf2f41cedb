/// The field numbers are those of TensorFlow's event.proto, summary.proto, tensor.proto and tensor_shape.proto.
extension EventRecord {
  /// What the first record of each file says.
  static let version = "brain.Event:2"

  /// The record as a message, without its frame.
  var encoded: [UInt8] {
    var writer = WireWriter()
    writer.write(1, wallTime)
    if step != 0 { writer.write(2, step) }
    switch content {
    case .fileVersion(let version): writer.write(3, version)
    case .summary(let values):
      writer.write(5) { summary in
        for value in values { summary.write(1, message: value.write) }
      }
    case .start: writer.write(7) { $0.write(1, varint: 1) }
    case .other: break
    }
    return writer.bytes
  }
}

extension SummaryValue {
  fileprivate func write(to writer: inout WireWriter) {
    writer.write(1, tag)
    switch content {
    case .scalar(let value): writer.write(2, value)
    case .image(let image): writer.write(4, message: image.write)
    case .tensor(let tensor): writer.write(8, message: tensor.write)
    case .other: break
    }
    guard let plugin else { return }
    writer.write(9) { metadata in
      metadata.write(1) { data in
        data.write(1, plugin.name)
        if !plugin.content.isEmpty { data.write(2, plugin.content) }
      }
    }
  }
}

extension SummaryImage {
  fileprivate func write(to writer: inout WireWriter) {
    writer.write(1, height)
    writer.write(2, width)
    writer.write(3, colorspace)
    writer.write(4, encoded)
  }
}

extension SummaryTensor {
  /// Of texts, or else of 32-bit floats; without any, a tensor that stands for nothing.
  fileprivate func write(to writer: inout WireWriter) {
    writer.write(1, varint: UInt64(texts.isEmpty ? ElementType.float.rawValue : ElementType.text.rawValue))
    writer.write(2) { shape in
      for size in dimensions { shape.write(2) { if size != 0 { $0.write(1, size) } } }
    }
    if let scalar, texts.isEmpty {
      writer.write(5, withUnsafeBytes(of: Float(scalar).bitPattern.littleEndian, Array.init))
    }
    for text in texts { writer.write(8, text) }
  }
}
