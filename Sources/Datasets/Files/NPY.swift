import Foundation

/// NumPy's array files, versions 1 to 3, of `<f4 <f8 <i4 <i8 |u1`, in C or Fortran order.
///
/// Reference: numpy.lib.format, "NPY format".
public enum NPY {
  /// An array with its last axis fastest.
  public struct Array: Sendable, Equatable {
    public var shape: [Int]
    public var values: [Float]
    /// True for `|u1`, whose values are 0 to 255.
    public var isBytes: Bool

    public init(shape: [Int], values: [Float], isBytes: Bool = false) {
      self.shape = shape
      self.values = values
      self.isBytes = isBytes
    }
  }

  static let signature: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
  static let accepted = "<f4, <f8, <i4, <i8, |u1"
  /// The most elements of an array.
  static let limit = 1 << 31

  /// Reads an array; doubles and integers are rounded to float.
  ///
  /// - Throws: `DatasetError` with the file and what is wrong.
  public static func read(_ file: String) throws(DatasetError) -> Array {
    let reader = try ByteReader(file)
    let start = try reader.read(8)
    guard start.count == 8, start.starts(with: signature), (1...3).contains(start[6]) else {
      throw .malformed(file: file, fault: .wrongMagic(format: "NPY", found: Swift.Array(start.prefix(8))))
    }
    let lengthBytes = try reader.read(start[6] == 1 ? 2 : 4)
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard lengthBytes.count == (start[6] == 1 ? 2 : 4), length <= 1 << 20 else {
      throw .malformed(file: file, fault: .badHeader(detail: "its length is not given or beyond a megabyte"))
    }
    let text = try reader.read(length)
    guard text.count == length else {
      throw .malformed(
        file: file, fault: .truncated(expected: 8 + lengthBytes.count + length, found: reader.position))
    }
    let header = try Header(text, file: file)
    var count = 1
    for axis in header.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: axis)
      count = overflow ? .max : product
    }
    guard header.shape.allSatisfy({ $0 >= 0 }), count <= limit else {
      throw .malformed(
        file: file,
        fault: .wrongDimensions(format: "NPY", found: header.shape, accepted: "at most \(limit) elements"))
    }
    let before = reader.position
    let bytes = try reader.read(count * header.element.size)
    guard bytes.count == count * header.element.size else {
      throw .malformed(
        file: file, fault: .truncated(expected: before + count * header.element.size, found: reader.position))
    }
    guard try reader.read(1).isEmpty else {
      throw .malformed(
        file: file, fault: .trailingBytes(expected: reader.position - 1, found: reader.position))
    }
    var values = header.element.decode(bytes, count: count)
    if header.isFortran { values = transposed(values, shape: header.shape) }
    return Array(shape: header.shape, values: values, isBytes: header.element == .byte)
  }

  /// Writes floats as `<f4`, version 1, C order; whole or not at all.
  ///
  /// - Throws: `DatasetError.unwritable`, or `wrongDimensions` where the shape does not hold the values.
  public static func write(_ values: [Float], shape: [Int], to file: String) throws(DatasetError) {
    guard shape.allSatisfy({ $0 >= 0 }),
      shape.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue }) == values.count
    else {
      throw .malformed(
        file: file,
        fault: .wrongDimensions(format: "NPY", found: shape, accepted: "those of \(values.count) values"))
    }
    let tuple = shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(tuple), }"
    // The data begins at a multiple of 64 bytes; the header ends with a new line.
    let length = (10 + header.utf8.count + 1 + 63) / 64 * 64 - 10
    header += String(repeating: " ", count: length - header.utf8.count - 1) + "\n"
    var bytes = signature + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Swift.Array(header.utf8)
    bytes.reserveCapacity(bytes.count + 4 * values.count)
    for value in values {
      let bits = value.bitPattern
      for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
    }
    var failure: DatasetError?
    bytes.withUnsafeBytes { bytes in
      do throws(DatasetError) { try FilePath.write(bytes, to: file) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  enum Element: String {
    case float = "<f4"
    case double = "<f8"
    case int32 = "<i4"
    case int64 = "<i8"
    case byte = "|u1"

    var size: Int {
      switch self {
      case .byte: 1
      case .float, .int32: 4
      case .double, .int64: 8
      }
    }

    func decode(_ bytes: [UInt8], count: Int) -> [Float] {
      bytes.withUnsafeBytes { bytes in
        (0..<count).map { index in
          switch self {
          case .byte: Float(bytes[index])
          case .float:
            Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
          case .int32:
            Float(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self)))
          case .double:
            Float(
              Double(
                bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))))
          case .int64:
            Float(Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self)))
          }
        }
      }
    }
  }

  /// First axis fastest to last axis fastest.
  private static func transposed(_ values: [Float], shape: [Int]) -> [Float] {
    guard shape.count > 1, !values.isEmpty else { return values }
    var strides: [Int] = []
    var stride = 1
    for axis in shape {
      strides.append(stride)
      stride *= axis
    }
    var index = [Int](repeating: 0, count: shape.count)
    var source = 0
    return values.indices.map { _ in
      defer {
        var axis = shape.count - 1
        while axis >= 0 {
          index[axis] += 1
          source += strides[axis]
          if index[axis] < shape[axis] { break }
          source -= strides[axis] * shape[axis]
          index[axis] = 0
          axis -= 1
        }
      }
      return values[source]
    }
  }
}

extension NPY {
  /// The dictionary in front of the data: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
  struct Header: Equatable {
    var element: Element
    var isFortran: Bool
    var shape: [Int]

    init(_ bytes: [UInt8], file: String) throws(DatasetError) {
      var scanner = Scanner(text: Swift.Array(String(decoding: bytes, as: UTF8.self)))
      guard let entries = scanner.dictionary() else {
        throw .malformed(file: file, fault: .badHeader(detail: "it is no dictionary of descr, fortran_order and shape"))
      }
      guard case .text(let descr)? = entries["descr"], let element = Element(rawValue: descr) else {
        let found = if case .text(let descr)? = entries["descr"] { String(descr.prefix(40)) } else { "unknown" }
        throw .malformed(
          file: file, fault: .unsupportedElement(format: "NPY", found: found, accepted: NPY.accepted))
      }
      guard case .flag(let isFortran)? = entries["fortran_order"], case .tuple(let shape)? = entries["shape"] else {
        throw .malformed(file: file, fault: .badHeader(detail: "it lacks fortran_order or shape"))
      }
      self.element = element
      self.isFortran = isFortran
      self.shape = shape
    }

    enum Value: Equatable {
      case text(String)
      case flag(Bool)
      case tuple([Int])
      /// A structured type, which is refused later.
      case other
    }

    private struct Scanner {
      let text: [Character]
      var place = 0

      init(text: [Character]) { self.text = text }

      mutating func dictionary() -> [String: Value]? {
        guard take("{") else { return nil }
        var entries: [String: Value] = [:]
        while !take("}") {
          guard let key = string(), take(":"), let value = value() else { return nil }
          entries[key] = value
          if !take(",") {
            guard take("}") else { return nil }
            break
          }
        }
        return entries
      }

      private mutating func value() -> Value? {
        if let text = string() { return .text(text) }
        if take("(") {
          var numbers: [Int] = []
          while !take(")") {
            guard let number = integer() else { return nil }
            numbers.append(number)
            if !take(",") {
              guard take(")") else { return nil }
              break
            }
          }
          return .tuple(numbers)
        }
        if take("[") {
          while place < text.count, text[place] != "]" { place += 1 }
          return take("]") ? .other : nil
        }
        let word = run { $0.isLetter }
        return word == "True" ? .flag(true) : word == "False" ? .flag(false) : nil
      }

      private mutating func string() -> String? {
        blanks()
        guard place < text.count, text[place] == "'" || text[place] == "\"" else { return nil }
        let quote = text[place]
        guard let end = text[(place + 1)...].firstIndex(of: quote) else { return nil }
        defer { place = end + 1 }
        return String(text[(place + 1)..<end])
      }

      private mutating func integer() -> Int? {
        blanks()
        return Int(run { $0.isASCII && $0.isNumber })
      }

      private mutating func run(_ belongs: (Character) -> Bool) -> String {
        blanks()
        let start = place
        while place < text.count, belongs(text[place]) { place += 1 }
        return String(text[start..<place])
      }

      private mutating func take(_ character: Character) -> Bool {
        blanks()
        guard place < text.count, text[place] == character else { return false }
        place += 1
        return true
      }

      private mutating func blanks() {
        while place < text.count, text[place].isWhitespace { place += 1 }
      }
    }
  }
}
