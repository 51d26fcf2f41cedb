/// The JSON of a safetensors header: objects keep their order, a key given twice is refused, depth is bounded.
///
/// Foundation's reader keeps the last of two equal keys silently, which would hide a damaged header.
public enum SafetensorsJSON: Sendable, Equatable {
  case object([(name: String, value: SafetensorsJSON)])
  case array([SafetensorsJSON])
  case string(String)
  /// A whole number; headers have no others.
  case number(UInt64)

  /// What is wrong with a header's text.
  public enum Problem: Sendable, Equatable, CustomStringConvertible {
    case unexpectedEnd
    case unexpectedByte(UInt8)
    case duplicateName(String)
    case badText
    case badNumber
    case tooDeep
    case trailingBytes

    public var description: String {
      switch self {
      case .unexpectedEnd: "it ends too early"
      case .unexpectedByte(let byte): "unexpected byte 0x\(String(byte, radix: 16))"
      case .duplicateName(let name): "the name \"\(oneLine(name))\" is given twice"
      case .badText: "a text that is not UTF-8 or wrongly escaped"
      case .badNumber: "a number that is not a whole one below 2^64"
      case .tooDeep: "it is nested too deep"
      case .trailingBytes: "something follows its end"
      }
    }
  }

  struct ParseError: Error, Equatable {
    var problem: Problem
    var offset: Int
  }

  var unsigned: UInt64? {
    if case .number(let value) = self { return value }
    return nil
  }

  static func parse(_ bytes: [UInt8]) -> Result<SafetensorsJSON, ParseError> {
    var parser = Parser(bytes: bytes)
    do {
      return .success(try parser.document())
    } catch {
      return .failure(error)
    }
  }

  public static func == (a: SafetensorsJSON, b: SafetensorsJSON) -> Bool {
    switch (a, b) {
    case (.object(let a), .object(let b)): a.elementsEqual(b) { $0 == $1 }
    case (.array(let a), .array(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    default: false
    }
  }
}

extension SafetensorsJSON {
  private struct Parser {
    let bytes: [UInt8]
    var index = 0

    mutating func document() throws(ParseError) -> SafetensorsJSON {
      let value = try value(depth: 0)
      skipSpaces()
      guard index == bytes.count else { throw error(.trailingBytes) }
      return value
    }

    private func error(_ problem: Problem) -> ParseError { ParseError(problem: problem, offset: index) }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpaces() {
      while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func expect(_ byte: UInt8) throws(ParseError) {
      guard let found = next else { throw error(.unexpectedEnd) }
      guard found == byte else { throw error(.unexpectedByte(found)) }
      index += 1
    }

    private mutating func value(depth: Int) throws(ParseError) -> SafetensorsJSON {
      guard depth < 8 else { throw error(.tooDeep) }
      skipSpaces()
      guard let byte = next else { throw error(.unexpectedEnd) }
      switch byte {
      case UInt8(ascii: "{"): return try object(depth: depth)
      case UInt8(ascii: "["): return try array(depth: depth)
      case UInt8(ascii: "\""): return .string(try text())
      case UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
      default: throw error(.unexpectedByte(byte))
      }
    }

    private mutating func object(depth: Int) throws(ParseError) -> SafetensorsJSON {
      index += 1
      var members: [(name: String, value: SafetensorsJSON)] = []
      var names: Set<String> = []
      skipSpaces()
      if next == UInt8(ascii: "}") {
        index += 1
        return .object([])
      }
      while true {
        skipSpaces()
        guard let found = next else { throw error(.unexpectedEnd) }
        guard found == UInt8(ascii: "\"") else { throw error(.unexpectedByte(found)) }
        let name = try text()
        guard names.insert(name).inserted else { throw error(.duplicateName(name)) }
        skipSpaces()
        try expect(UInt8(ascii: ":"))
        members.append((name, try value(depth: depth + 1)))
        skipSpaces()
        if next == UInt8(ascii: ",") {
          index += 1
          continue
        }
        try expect(UInt8(ascii: "}"))
        return .object(members)
      }
    }

    private mutating func array(depth: Int) throws(ParseError) -> SafetensorsJSON {
      index += 1
      var elements: [SafetensorsJSON] = []
      skipSpaces()
      if next == UInt8(ascii: "]") {
        index += 1
        return .array([])
      }
      while true {
        elements.append(try value(depth: depth + 1))
        skipSpaces()
        if next == UInt8(ascii: ",") {
          index += 1
          continue
        }
        try expect(UInt8(ascii: "]"))
        return .array(elements)
      }
    }

    private mutating func number() throws(ParseError) -> UInt64 {
      let start = index
      var value: UInt64 = 0
      while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = tens.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
        guard !overflow, !carry else { throw error(.badNumber) }
        value = sum
        index += 1
      }
      let hasLeadingZero = bytes[start] == UInt8(ascii: "0") && index - start > 1
      guard !hasLeadingZero, next != UInt8(ascii: "."), next != UInt8(ascii: "e"), next != UInt8(ascii: "E") else {
        throw error(.badNumber)
      }
      return value
    }

    private mutating func text() throws(ParseError) -> String {
      index += 1
      var content: [UInt8] = []
      while let byte = next {
        index += 1
        switch byte {
        case UInt8(ascii: "\""):
          guard let text = String(validating: content, as: UTF8.self) else { throw error(.badText) }
          return text
        case UInt8(ascii: "\\"): content += try escape()
        case 0..<0x20: throw error(.badText)
        default: content.append(byte)
        }
      }
      throw error(.unexpectedEnd)
    }

    private mutating func escape() throws(ParseError) -> [UInt8] {
      guard let byte = next else { throw error(.unexpectedEnd) }
      index += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
      case UInt8(ascii: "b"): return [0x08]
      case UInt8(ascii: "f"): return [0x0C]
      case UInt8(ascii: "n"): return [0x0A]
      case UInt8(ascii: "r"): return [0x0D]
      case UInt8(ascii: "t"): return [0x09]
      case UInt8(ascii: "u"):
        var units = [try hexadecimal()]
        if UTF16.isLeadSurrogate(units[0]) {
          try expect(UInt8(ascii: "\\"))
          try expect(UInt8(ascii: "u"))
          units.append(try hexadecimal())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw error(.badText) }
        return Array(text.utf8)
      default: throw error(.badText)
      }
    }

    private mutating func hexadecimal() throws(ParseError) -> UInt16 {
      guard bytes.count - index >= 4 else { throw error(.unexpectedEnd) }
      var value: UInt16 = 0
      for _ in 0..<4 {
        guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue, bytes[index] < 0x80 else {
          throw error(.badText)
        }
        value = value << 4 | UInt16(digit)
        index += 1
      }
      return value
    }
  }

  /// A text as a JSON string literal, in ASCII where JSON asks for escapes.
  static func literal(_ text: String) -> String {
    func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") }
    if text.utf8.allSatisfy(isPlain) { return "\"\(text)\"" }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 {
          let hex = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
