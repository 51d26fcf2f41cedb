/// The element types of tensors that a single number, or a text, can come in (types.proto).
enum ElementType: Int {
  case float = 1
  case double = 2
  case int32 = 3
  case uint8 = 4
  case int16 = 5
  case int8 = 6
  case text = 7
  case int64 = 9
  case flag = 10
  case bfloat16 = 14
  case uint16 = 17
  case half = 19
  case uint32 = 22
  case uint64 = 23

  /// The bytes of an element in `tensor_content`.
  var size: Int {
    switch self {
    case .text: 0
    case .uint8, .int8, .flag: 1
    case .int16, .uint16, .half, .bfloat16: 2
    case .float, .int32, .uint32: 4
    case .double, .int64, .uint64: 8
    }
  }

  /// The field of a `TensorProto` that holds the elements one by one.
  var field: UInt64 {
    switch self {
    case .float: 5
    case .double: 6
    case .int32, .uint8, .int16, .int8, .uint16: 7
    case .text: 8
    case .int64: 10
    case .flag: 11
    case .half, .bfloat16: 13
    case .uint32: 16
    case .uint64: 17
    }
  }

  /// The value of an element's bits; nil for texts.
  func value(_ bits: UInt64) -> Double? {
    switch self {
    case .float: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .double: Double(bitPattern: bits)
    case .int8: Double(Int8(truncatingIfNeeded: bits))
    case .int16: Double(Int16(truncatingIfNeeded: bits))
    case .int32: Double(Int32(truncatingIfNeeded: bits))
    case .int64: Double(Int64(bitPattern: bits))
    case .uint8: Double(UInt8(truncatingIfNeeded: bits))
    case .uint16: Double(UInt16(truncatingIfNeeded: bits))
    case .uint32: Double(UInt32(truncatingIfNeeded: bits))
    case .uint64: Double(bits)
    case .flag: bits == 0 ? 0 : 1
    case .bfloat16: Double(Float(bitPattern: UInt32(UInt16(truncatingIfNeeded: bits)) << 16))
    case .half: Self.half(UInt16(truncatingIfNeeded: bits))
    case .text: nil
    }
  }

  /// IEEE 754 binary16: a sign, five bits of exponent, ten of mantissa.
  private static func half(_ bits: UInt16) -> Double {
    let mantissa = Double(bits & 0x3FF)
    let magnitude: Double
    switch bits >> 10 & 0x1F {
    case 0: magnitude = mantissa * 0x1p-24
    case 0x1F: magnitude = mantissa == 0 ? .infinity : .nan
    case let exponent: magnitude = Double(sign: .plus, exponent: Int(exponent) - 25, significand: 1024 + mantissa)
    }
    return bits >> 15 == 1 ? -magnitude : magnitude
  }
}

extension SummaryTensor {
  /// The most dimensions that are kept; a number has none.
  private static let rankLimit = 8

  init(_ message: WireReader) throws(WireError) {
    self.init()
    var type: ElementType?
    var content: WireReader?
    var elements: [UInt64: WireField] = [:]
    var reader = message
    while let field = try reader.next() {
      switch field.number {
      case 1: type = field.integer.flatMap(ElementType.init)
      case 2: if let shape = reader.message(field) { dimensions = try Self.dimensions(shape) }
      case 4: content = reader.message(field)
      case 8: if texts.count < Self.textLimit, let text = reader.bytes(field) { texts.append(text) }
      case 5, 6, 7, 10, 11, 13, 16, 17: elements[field.number] = field
      default: break
      }
    }
    guard let type, type != .text, dimensions.allSatisfy({ $0 == 1 }) else { return }
    if var content {
      if content.count == type.size { scalar = type.value(try content.fixed(type.size)) }
    } else if let field = elements[type.field] {
      scalar = try Self.element(field, of: message, type)
    }
  }

  private static func dimensions(_ shape: WireReader) throws(WireError) -> [Int] {
    var dimensions: [Int] = []
    var reader = shape
    while let field = try reader.next() {
      guard field.number == 2, var dimension = reader.message(field), dimensions.count < rankLimit else { continue }
      var size = 0
      while let field = try dimension.next() {
        if field.number == 1 { size = field.integer ?? size }
      }
      dimensions.append(size)
    }
    return dimensions
  }

  /// An element by itself, or packed with others, of which there are none.
  private static func element(
    _ field: WireField, of tensor: WireReader, _ type: ElementType
  ) throws(WireError) -> Double? {
    guard var packed = tensor.message(field) else { return type.value(field.bits) }
    guard !packed.isAtEnd else { return nil }
    let isFixed = type == .float || type == .double
    let bits = try isFixed ? packed.fixed(type.size) : packed.varint()
    return packed.isAtEnd ? type.value(bits) : nil
  }
}
