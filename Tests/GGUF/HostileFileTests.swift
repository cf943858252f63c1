import GGUF
import Testing

/// Files that are broken, or made to break their reader: each is refused with an error that names the place.
///
/// Rows marked LC are cases that crashed or misled llama.cpp, by issue number.
@Suite struct HostileFileTests {
  /// One field of the sample file, a value that does not belong there, and what is to be said of it.
  struct Row: CustomTestStringConvertible {
    let field: String
    let value: UInt64
    let reason: GGUFError.Reason
    let place: GGUFError.Place

    init(_ field: String, _ value: UInt64, _ reason: GGUFError.Reason, _ place: GGUFError.Place) {
      self.field = field
      self.value = value
      self.reason = reason
      self.place = place
    }

    var testDescription: String { "\(field) = \(value)" }
  }

  /// What is left of the sample file after magic, version and the first count.
  private static let afterTensorCount = FileBuilder.sample.bytes.count - 16

  static let rows: [Row] = [
    // Versions
    Row("version", 1, .unsupportedVersion(1), .header),
    Row("version", 0, .unsupportedVersion(0), .header),
    Row("version", 4, .unsupportedVersion(4), .header),
    Row("version", 0x0300_0000, .bigEndian(version: 3), .header),
    Row("version", 0x0200_0000, .bigEndian(version: 2), .header),

    // Counts: times the least size of a record, past the end or past 64 bits (LC#15711, #19856)
    Row("tensor count", .max, .endOfFile(needed: .max, available: afterTensorCount), .header),
    Row("tensor count", 1 << 60, .endOfFile(needed: .max, available: afterTensorCount), .header),
    Row("tensor count", 1000, .endOfFile(needed: 25_000, available: afterTensorCount), .header),
    Row("entry count", .max, .endOfFile(needed: .max, available: afterTensorCount - 8), .header),
    Row("entry count", 1 << 63, .endOfFile(needed: .max, available: afterTensorCount - 8), .header),

    // Strings and arrays
    Row("u8 length", .max, .invalidNameLength(.max, limit: 65_535), .entry(2)),
    Row("u8 length", 0, .invalidNameLength(0, limit: 65_535), .entry(2)),
    Row("u8 type", 13, .unknownValueType(13), .key("u8")),
    Row("u8 type", 0xFFFF_FFFF, .unknownValueType(0xFFFF_FFFF), .key("u8")),
    Row("bool value", 2, .invalidBool(2), .key("bool")),
    Row("truths element", 255, .invalidBool(255), .key("truths")),
    Row("strings element type", 99, .unknownValueType(99), .key("strings")),
    Row("nested 1 element type", 13, .unknownValueType(13), .key("nested")),

    // Alignment (LC#24997, #26318)
    Row("general.alignment value", 0, .invalidAlignment(0), .key("general.alignment")),
    Row("general.alignment value", 24, .invalidAlignment(24), .key("general.alignment")),
    Row("general.alignment value", 0xFFFF_FFFF, .invalidAlignment(0xFFFF_FFFF), .key("general.alignment")),
    Row(
      "general.alignment type", 5, .typeMismatch(expected: "uint32", actual: "int32"),
      .key("general.alignment")),
    Row(
      "general.alignment value", 1 << 31,
      .tensorOutsideFile(offset: 0, byteCount: 32, available: 0), .tensor("norm")),

    // Tensor records
    Row("norm length", 0, .invalidNameLength(0, limit: 65_535), .tensorRecord(0)),
    Row("norm dimension count", 5, .tooManyDimensions(5), .tensor("norm")),
    Row("norm dimension count", 0xFFFF_FFFF, .tooManyDimensions(0xFFFF_FFFF), .tensor("norm")),
    Row("norm dimension 0", 0, .invalidDimension(0), .tensor("norm")),
    Row("norm dimension 0", 1 << 63, .invalidDimension(1 << 63), .tensor("norm")),
    Row("norm dimension 0", .max, .invalidDimension(.max), .tensor("norm")),
    Row(
      "norm dimension 0", (1 << 63) - 1, .sizeOverflow(dimensions: [Int.max]), .tensor("norm")),
    Row("attention dimension 0", 33, .partialBlock(rowLength: 33, weightsPerBlock: 32), .tensor("attention")),
    Row("experts dimension 0", 1, .partialBlock(rowLength: 1, weightsPerBlock: 32), .tensor("experts")),
    Row("norm type", 43, .unknownTensorType(43), .tensor("norm")),
    Row("norm type", 0xFFFF_FFFF, .unknownTensorType(0xFFFF_FFFF), .tensor("norm")),
    Row("norm type", 4, .removedTensorType(4, name: "Q4_2"), .tensor("norm")),
    Row("norm type", 31, .removedTensorType(31, name: "Q4_0_4_4"), .tensor("norm")),
    Row("norm type", 38, .removedTensorType(38, name: "IQ4_NL_8_8"), .tensor("norm")),

    // Offsets
    Row("attention offset", 33, .misalignedTensor(offset: 33, alignment: 32), .tensor("attention")),
    Row("attention offset", 0, .overlappingTensors(other: "norm"), .tensor("attention")),
    Row("experts offset", 128, .overlappingTensors(other: "attention"), .tensor("experts")),
    Row(
      "scalar offset", 352, .tensorOutsideFile(offset: 352, byteCount: 2, available: 352), .tensor("scalar")),
    Row(
      "scalar offset", .max - 31,
      .tensorOutsideFile(offset: .max - 31, byteCount: 2, available: 352), .tensor("scalar")),
    Row(
      "attention dimension 1", 1 << 40,
      .tensorOutsideFile(offset: 32, byteCount: 34 << 40, available: 352), .tensor("attention")),
  ]

  @Test(arguments: rows)
  func aFieldThatLiesIsNamed(row: Row) throws {
    let error = try refusal(of: FileBuilder.sample.setting(row.field, to: row.value).bytes)
    #expect(error?.reason == row.reason)
    #expect(error?.place == row.place)
  }

  /// Lengths and counts near 2^64 and just past the end, wherever they stand.
  @Test(arguments: [
    "text value length", "strings element length", "strings count", "nested count", "numbers count",
  ])
  func aLengthPastTheEndIsRefused(field: String) throws {
    for value in [.max, .max - 7, 1 << 63, 1 << 61, 1 << 42, 4_096] as [UInt64] {
      let error = try refusal(of: FileBuilder.sample.setting(field, to: value).bytes)
      guard case .endOfFile(let needed, let available)? = error?.reason else {
        Issue.record("\(field) = \(value): \(error.map(\.description) ?? "opened")")
        continue
      }
      #expect(needed > available)
    }
  }

  /// LC#18674, #27203, #26245: the product of the dimensions wraps, so that a tensor seems to fit.
  @Test(arguments: [
    [(1 << 42) + 1, 1 << 22, 1, 1], [Int.max, 2, 1, 1], [1 << 32, 1 << 32, 1, 1],
    [1 << 16, 1 << 16, 1 << 16, 1 << 16],
    [Int.max, 1, 1, 1], [(1 << 61) + 1, 1, 1, 1],
  ])
  func dimensionsThatWrapAreRefused(dimensions: [Int]) throws {
    var builder = FileBuilder(tensors: 1, entries: 0)
    builder.tensor("t", dimensions.map(UInt64.init), type: 0, offset: 0)
    builder.pad(to: 32)
    builder.data(64, seed: 0)
    let error = try refusal(of: builder.bytes)
    #expect(error?.reason == .sizeOverflow(dimensions: dimensions))
    #expect(error?.place == .tensor("t"))
  }

  @Test func aDimensionOfMoreWeightsThanTheFileHasIsRefused() throws {
    var builder = FileBuilder(tensors: 1, entries: 0)
    builder.tensor("t", [(1 << 42) + 1], type: 0, offset: 0)
    builder.pad(to: 32)
    builder.data(64, seed: 0)
    let error = try refusal(of: builder.bytes)
    #expect(error?.reason == .tensorOutsideFile(offset: 0, byteCount: (1 << 44) + 4, available: 64))
  }

  @Test func aKeyTwiceIsRefused() throws {
    var builder = FileBuilder(tensors: 0, entries: 2)
    for _ in 0..<2 {
      builder.key("a", type: 0)
      builder.number(UInt8(1), "value")
    }
    let error = try refusal(of: builder.bytes)
    #expect(error?.reason == .duplicateKey)
    #expect(error?.place == .key("a"))
  }

  @Test func aTensorTwiceIsRefused() throws {
    var builder = FileBuilder(tensors: 2, entries: 0)
    builder.tensor("a", [8], type: 0, offset: 0)
    builder.tensor("a", [8], type: 0, offset: 32)
    builder.pad(to: 32)
    builder.data(64, seed: 0)
    let error = try refusal(of: builder.bytes)
    #expect(error?.reason == .duplicateTensor)
    #expect(error?.place == .tensor("a"))
  }

  @Test func namesAreText() throws {
    var builder = FileBuilder(tensors: 0, entries: 1)
    builder.number(UInt64(2), "length")
    builder.number(UInt16(0xFFFE), "key")
    builder.number(UInt32(0), "type")
    builder.number(UInt64(1), "value")
    let error = try refusal(of: builder.bytes)
    #expect(error?.reason == .invalidUTF8)
    #expect(error?.place == .entry(0))
  }

  /// The file ends within the header, at every byte.
  @Test func everyTruncationIsRefused() throws {
    let bytes = FileBuilder.sample.bytes
    let folder = try TemporaryFolder()
    for count in 0..<bytes.count - 30 {
      let path = try folder.write(Array(bytes.prefix(count)))
      let error = #expect(throws: GGUFError.self) { try GGUFFile(path: path) }
      #expect(error?.path == path)
    }
  }

  @Test func nestingHasALimit() throws {
    func nested(_ depth: Int) -> [UInt8] {
      var builder = FileBuilder(tensors: 0, entries: 1)
      builder.key("deep", type: 9)
      for _ in 1..<depth { builder.array(of: 9, count: 1, "outer") }
      builder.array(of: 0, count: 1, "inner")
      builder.number(UInt8(42), "element")
      return builder.bytes
    }
    var value = try open(nested(8)).metadata["deep"]
    for _ in 0..<8 {
      guard case .array(let array)? = value else { throw TestFailure("not an array: \(value as Any)") }
      value = array.first
    }
    #expect(value == .uint8(42))
    for depth in [9, 100, 50_000] {
      let error = try refusal(of: nested(depth))
      #expect(error?.reason == .nestingTooDeep(limit: 8))
      #expect(error?.place == .key("deep"))
    }
  }

  // MARK: Ollama

  @Test func ollamasMXFP4IsNamed() throws {
    var builder = FileBuilder(tensors: 1, entries: 1)
    builder.key("general.architecture", type: 8)
    builder.string("gptoss", "architecture")
    builder.tensor("blk.0.ffn_gate_up_exps.weight", [32], type: 4, offset: 0)
    builder.pad(to: 32)
    builder.data(32, seed: 0)
    let error = try refusal(of: builder.bytes)
    #expect(error?.reason == .ollamaLayout(trait: "MXFP4 under tensor type 4"))
  }

  @Test(arguments: [
    "attn_qkv.weight", "attn_out.weight", "ffn_norm.weight", "ffn_gate_up_exps.weight", "attn_sinks",
  ])
  func ollamasTensorsAreNamed(name: String) throws {
    let error = #expect(throws: GGUFError.self) { try fileWithTensor("blk.0." + name).refuseOllamaTensors() }
    #expect(error?.reason == .ollamaLayout(trait: "its tensor blk.0.\(name)"))
  }

  @Test func publishedTensorsAreNotTakenForOllamas() throws {
    try fileWithTensor("blk.0.attn_sinks.weight").refuseOllamaTensors()
  }

  private func fileWithTensor(_ name: String) throws -> GGUFFile {
    var builder = FileBuilder(tensors: 1, entries: 0)
    builder.tensor(name, [8], type: 0, offset: 0)
    builder.pad(to: 32)
    builder.data(32, seed: 0)
    return try open(builder.bytes)
  }
}
