import Testing

@testable import EventFiles

/// Scalars as tensors, in each form that writers use.
@Suite struct TensorTests {
  private func read(_ build: (inout WireWriter) -> Void) throws -> SummaryTensor {
    var writer = WireWriter()
    build(&writer)
    return try SummaryTensor(WireReader(writer.bytes))
  }

  private func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian, Array.init)
  }

  @Test func elementsInTensorContent() throws {
    func content(_ type: ElementType, _ bytes: [UInt8]) throws -> Double? {
      try read {
        $0.write(1, type.rawValue)
        $0.write(4, bytes)
      }.scalar
    }
    #expect(try content(.float, little(Float(-1.5).bitPattern)) == -1.5)
    #expect(try content(.double, little(0.1.bitPattern)) == 0.1)
    #expect(try content(.int32, little(Int32(-7))) == -7)
    #expect(try content(.int64, little(Int64(-8))) == -8)
    #expect(try content(.int16, little(Int16(-9))) == -9)
    #expect(try content(.int8, [0xFF]) == -1)
    #expect(try content(.uint8, [0xFF]) == 255)
    #expect(try content(.uint16, [0xFF, 0xFF]) == 65535)
    #expect(try content(.uint32, little(UInt32.max)) == 4_294_967_295)
    #expect(try content(.uint64, little(UInt64(1) << 63)) == 0x1p63)
    #expect(try content(.flag, [1]) == 1)
    #expect(try content(.bfloat16, [0xC0, 0x3F]) == 1.5)
    // Smallest subnormal, largest finite, one third, infinity and not a number of binary16.
    #expect(try content(.half, little(UInt16(0x0001))) == 0x1p-24)
    #expect(try content(.half, little(UInt16(0x7BFF))) == 65504)
    #expect(try content(.half, little(UInt16(0x3555))) == 0.333251953125)
    #expect(try content(.half, little(UInt16(0xFC00))) == -.infinity)
    #expect(try content(.half, little(UInt16(0x7E00)))?.isNaN == true)
    // More, or less, than one element.
    #expect(try content(.float, [0, 0, 0]) == nil)
    #expect(try content(.float, [UInt8](repeating: 0, count: 8)) == nil)
    #expect(try content(.text, []) == nil)
  }

  @Test func elementsInFields() throws {
    #expect(
      try read {
        $0.write(1, ElementType.float.rawValue)
        $0.write(5, Float(0.25))
      }.scalar == 0.25)
    #expect(
      try read {
        $0.write(1, ElementType.double.rawValue)
        $0.write(6, little(0.3.bitPattern))
      }.scalar == 0.3)
    #expect(
      try read {
        $0.write(1, ElementType.int64.rawValue)
        $0.write(10, -3)
      }.scalar == -3)
    #expect(
      try read {
        $0.write(1, ElementType.int32.rawValue)
        // 300, packed.
        $0.write(7, [0xAC, 0x02] as [UInt8])
      }.scalar == 300)
    #expect(
      try read {
        $0.write(1, ElementType.half.rawValue)
        $0.write(13, 0x3C00)
      }.scalar == 1)
    // Two elements are no scalar.
    #expect(
      try read {
        $0.write(1, ElementType.int32.rawValue)
        $0.write(7, [1, 2] as [UInt8])
      }.scalar == nil)
    #expect(try read { $0.write(5, Float(1)) }.scalar == nil)
  }

  @Test func shapes() throws {
    func scalar(_ sizes: [Int]) throws -> SummaryTensor {
      try read {
        $0.write(1, ElementType.float.rawValue)
        $0.write(2) { shape in for size in sizes { shape.write(2) { $0.write(1, size) } } }
        $0.write(5, Float(2))
      }
    }
    #expect(try scalar([]).scalar == 2)
    #expect(try scalar([1]).scalar == 2)
    #expect(try scalar([3]) == SummaryTensor(dimensions: [3]))
    #expect(try scalar([0]).scalar == nil)
    #expect(try scalar([Int](repeating: 1, count: 100)).dimensions.count == 8)
  }

  @Test func textsAreThePicturesOfNewerWriters() throws {
    let folder = try TemporaryFolder()
    let texts = ["6", "4", "PNG", "PNG2"].map { Array($0.utf8) }
    let values = [
      SummaryValue(
        tag: "image", plugin: SummaryPlugin(name: "images"),
        content: .tensor(SummaryTensor(dimensions: [4], texts: texts))),
      SummaryValue(
        tag: "text", plugin: SummaryPlugin(name: "text"), content: .tensor(SummaryTensor(texts: [texts[0]]))),
      // A tag's plugin is told with its first value, and need not be again.
      SummaryValue(tag: "curve", plugin: SummaryPlugin(name: "pr_curves"), content: .tensor(SummaryTensor(scalar: 1))),
      SummaryValue(tag: "curve", content: .tensor(SummaryTensor(scalar: 1))),
      SummaryValue(tag: "image", content: .tensor(SummaryTensor(dimensions: [3], texts: Array(texts.prefix(3))))),
      SummaryValue(tag: "bare", content: .tensor(SummaryTensor(scalar: 4))),
    ]
    try folder.write(
      "tfevents", EncodingTests.bytes([EventRecord(wallTime: 1, step: 2, content: .summary(values))]))
    var reader = EventFolderReader(folder: folder.path)
    let found = reader.read()
    #expect(found.scalars == ["bare": [ScalarPoint(step: 2, wallTime: 1, value: 4)]])
    let image = SummaryImage(width: 6, height: 4, colorspace: 0, encoded: texts[2])
    #expect(found.images == ["image": ImagePoint(step: 2, wallTime: 1, image: image)])
  }
}
