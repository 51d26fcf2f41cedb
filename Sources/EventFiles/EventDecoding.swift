extension EventRecord {
  /// Reads a message; fields that are not known are passed over.
  ///
  /// - Parameter range: of the record's payload, within the bytes.
  /// - Throws: `WireError` where the bytes are no message.
  init(decoding bytes: [UInt8], _ range: Range<Int>) throws(WireError) {
    self.init(wallTime: 0, step: 0, content: .other)
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: wallTime = field.double ?? wallTime
      case 2: step = field.integer ?? step
      case 3: content = reader.text(field).map { .fileVersion($0) } ?? content
      case 5: if let message = reader.message(field) { content = .summary(try Self.values(of: message)) }
      case 7: if let message = reader.message(field), try Self.isStart(message) { content = .start }
      default: break
      }
    }
  }

  private static func values(of summary: WireReader) throws(WireError) -> [SummaryValue] {
    var values: [SummaryValue] = []
    var reader = summary
    while let field = try reader.next() {
      guard field.number == 1, let message = reader.message(field) else { continue }
      values.append(try SummaryValue(message))
    }
    return values
  }

  private static func isStart(_ sessionLog: WireReader) throws(WireError) -> Bool {
    var status = 0
    var reader = sessionLog
    while let field = try reader.next() {
      if field.number == 1 { status = field.integer ?? status }
    }
    return status == 1
  }
}

extension SummaryValue {
  fileprivate init(_ message: WireReader) throws(WireError) {
    self.init(tag: "", content: .other)
    var reader = message
    while let field = try reader.next() {
      switch field.number {
      case 1: tag = reader.text(field) ?? tag
      case 2: if let value = field.float { content = .scalar(value) }
      case 4: if let message = reader.message(field) { content = .image(try SummaryImage(message)) }
      case 8: if let message = reader.message(field) { content = .tensor(try SummaryTensor(message)) }
      case 9: if let message = reader.message(field) { plugin = try SummaryPlugin(metadata: message) ?? plugin }
      default: break
      }
    }
  }
}

extension SummaryPlugin {
  fileprivate init?(metadata: WireReader) throws(WireError) {
    var found: WireReader?
    var reader = metadata
    while let field = try reader.next() {
      if field.number == 1 { found = reader.message(field) ?? found }
    }
    guard var data = found else { return nil }
    self.init(name: "")
    while let field = try data.next() {
      switch field.number {
      case 1: name = data.text(field) ?? name
      case 2: content = data.bytes(field) ?? content
      default: break
      }
    }
  }
}

extension SummaryImage {
  fileprivate init(_ message: WireReader) throws(WireError) {
    self.init(width: 0, height: 0, colorspace: 0, encoded: [])
    var reader = message
    while let field = try reader.next() {
      switch field.number {
      case 1: height = field.integer ?? height
      case 2: width = field.integer ?? width
      case 3: colorspace = field.integer ?? colorspace
      case 4: encoded = reader.bytes(field) ?? encoded
      default: break
      }
    }
  }
}
