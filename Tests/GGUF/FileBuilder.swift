/// Builds a GGUF file byte by byte and remembers where its numbers stand, so that a test can break one.
struct FileBuilder {
  /// A number in the file: what it says, and where.
  struct Field {
    let label: String
    let range: Range<Int>
  }

  private(set) var bytes: [UInt8] = []
  private(set) var fields: [Field] = []

  init(version: UInt32 = 3, tensors: UInt64, entries: UInt64) {
    bytes += Array("GGUF".utf8)
    number(version, "version")
    number(tensors, "tensor count")
    number(entries, "entry count")
  }

  mutating func number(_ value: some FixedWidthInteger, _ label: String) {
    let start = bytes.count
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    fields.append(Field(label: label, range: start..<bytes.count))
  }

  mutating func string(_ text: String, _ label: String) {
    number(UInt64(text.utf8.count), "\(label) length")
    bytes += Array(text.utf8)
  }

  /// An entry's key and type; its value must follow.
  mutating func key(_ key: String, type: UInt32) {
    string(key, key)
    number(type, "\(key) type")
  }

  /// An array's element type and count; its elements must follow.
  mutating func array(of type: UInt32, count: UInt64, _ label: String) {
    number(type, "\(label) element type")
    number(count, "\(label) count")
  }

  mutating func tensor(_ name: String, _ dimensions: [UInt64], type: UInt32, offset: UInt64) {
    string(name, name)
    number(UInt32(dimensions.count), "\(name) dimension count")
    for (index, dimension) in dimensions.enumerated() { number(dimension, "\(name) dimension \(index)") }
    number(type, "\(name) type")
    number(offset, "\(name) offset")
  }

  mutating func pad(to alignment: Int) {
    while bytes.count % alignment != 0 { bytes.append(0) }
  }

  /// Bytes that differ from tensor to tensor.
  mutating func data(_ count: Int, seed: UInt8) {
    bytes += (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) ^ seed }
  }

  /// Puts another value into the field of this label.
  mutating func set(_ label: String, to value: UInt64) {
    guard let field = fields.first(where: { $0.label == label }) else {
      preconditionFailure("no field \(label)")
    }
    for (index, position) in field.range.enumerated() {
      bytes[position] = UInt8(truncatingIfNeeded: value >> (8 * index))
    }
  }

  func setting(_ label: String, to value: UInt64) -> FileBuilder {
    var copy = self
    copy.set(label, to: value)
    return copy
  }
}

extension FileBuilder {
  /// A file that has something of everything: all value types, nested arrays, an array of strings longer
  /// than the interval of its index, and tensors of several types.
  static var sample: FileBuilder {
    var file = FileBuilder(tensors: 4, entries: 19)
    file.key("general.architecture", type: 8)
    file.string("gpt-oss", "general.architecture value")
    file.key("general.alignment", type: 4)
    file.number(UInt32(32), "general.alignment value")
    file.key("u8", type: 0)
    file.number(UInt8(200), "u8 value")
    file.key("i8", type: 1)
    file.number(Int8(-100), "i8 value")
    file.key("u16", type: 2)
    file.number(UInt16(60_000), "u16 value")
    file.key("i16", type: 3)
    file.number(Int16(-30_000), "i16 value")
    file.key("u32", type: 4)
    file.number(UInt32(4_000_000_000), "u32 value")
    file.key("i32", type: 5)
    file.number(Int32(-2_000_000_000), "i32 value")
    file.key("f32", type: 6)
    file.number(Float(1.5).bitPattern, "f32 value")
    file.key("bool", type: 7)
    file.number(UInt8(1), "bool value")
    file.key("u64", type: 10)
    file.number(UInt64.max, "u64 value")
    file.key("i64", type: 11)
    file.number(Int64.min, "i64 value")
    file.key("f64", type: 12)
    file.number((0.1).bitPattern, "f64 value")
    file.key("empty", type: 9)
    file.array(of: 8, count: 0, "empty")
    file.key("numbers", type: 9)
    file.array(of: 5, count: 3, "numbers")
    for number in [-1, 0, 7] as [Int32] { file.number(number, "numbers element") }
    file.key("truths", type: 9)
    file.array(of: 7, count: 2, "truths")
    file.number(UInt8(0), "truths element")
    file.number(UInt8(1), "truths element")
    file.key("strings", type: 9)
    file.array(of: 8, count: 70, "strings")
    for index in 0..<70 { file.string(sampleString(index), "strings element") }
    file.key("nested", type: 9)
    file.array(of: 9, count: 2, "nested")
    file.array(of: 5, count: 1, "nested 0")
    file.number(Int32(9), "nested 0 element")
    file.array(of: 8, count: 2, "nested 1")
    file.string("a", "nested 1 element")
    file.string("", "nested 1 element")
    file.key("text", type: 8)
    file.string("Grüße, 世界", "text value")

    file.tensor("norm", [8], type: 0, offset: 0)
    file.tensor("attention", [32, 3], type: 8, offset: 32)
    file.tensor("experts", [64, 2, 2], type: 39, offset: 160)
    file.tensor("scalar", [], type: 1, offset: 320)
    file.pad(to: 32)
    file.data(32, seed: 1)
    file.data(102, seed: 2)
    file.pad(to: 32)
    file.data(136, seed: 3)
    file.pad(to: 32)
    file.data(2, seed: 4)
    file.pad(to: 32)
    return file
  }

  /// Lengths 0 to 69, so that every offset within the array differs.
  static func sampleString(_ index: Int) -> String {
    String(repeating: "x", count: index)
  }
}
