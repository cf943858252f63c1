import GGUF
import Testing

/// Files as they should be.
@Suite struct ReadingTests {
  @Test func everyValueTypeIsRead() throws {
    let file = try open(FileBuilder.sample.bytes)
    #expect(file.version == 3)
    let expected: [(String, GGUFValue)] = [
      ("general.architecture", "gpt-oss"),
      ("general.alignment", .uint32(32)),
      ("u8", .uint8(200)),
      ("i8", .int8(-100)),
      ("u16", .uint16(60_000)),
      ("i16", .int16(-30_000)),
      ("u32", .uint32(4_000_000_000)),
      ("i32", .int32(-2_000_000_000)),
      ("f32", .float32(1.5)),
      ("bool", true),
      ("u64", .uint64(.max)),
      ("i64", .int64(.min)),
      ("f64", .float64(0.1)),
      ("empty", .array(GGUFArray([String]()))),
      ("numbers", .array(GGUFArray([-1, 0, 7] as [Int32]))),
      ("truths", .array(GGUFArray([false, true]))),
      ("strings", .array(GGUFArray((0..<70).map(FileBuilder.sampleString)))),
      ("nested", .array(GGUFArray([GGUFArray([9 as Int32]), GGUFArray(["a", ""])]))),
      ("text", "Grüße, 世界"),
    ]
    #expect(file.metadata.map(\.key) == expected.map(\.0))
    for (entry, (key, value)) in zip(file.metadata, expected) {
      #expect(entry.value == value, "\(key)")
    }
  }

  @Test func tensorsAreFoundWithTheirBytes() throws {
    let file = try open(FileBuilder.sample.bytes)
    #expect(file.tensors.map(\.name) == ["norm", "attention", "experts", "scalar"])
    #expect(file.tensors.map(\.dimensions) == [[8], [32, 3], [64, 2, 2], []])
    #expect(file.tensors.map(\.type) == [.f32, .q8_0, .mxfp4, .f16])
    #expect(file.tensors.map(\.byteCount) == [32, 102, 136, 2])
    #expect(file.tensors.map(\.weightCount) == [8, 96, 256, 1])
    for (index, tensor) in file.tensors.enumerated() {
      var expected = FileBuilder(tensors: 0, entries: 0)
      let start = expected.bytes.count
      expected.data(tensor.byteCount, seed: UInt8(index + 1))
      #expect(file.copy(of: tensor.name) == Array(expected.bytes[start...]), "\(tensor.name)")
    }
    #expect(file.tensor(named: "no such tensor") == nil)
  }

  @Test func releasedTensorsCanStillBeRead() throws {
    let file = try open(FileBuilder.sample.bytes)
    let before = file.tensors.map { file.copy(of: $0.name) }
    for tensor in file.tensors {
      file.release(tensor)
      file.prefetch(tensor)
    }
    #expect(file.tensors.map { file.copy(of: $0.name) } == before)
  }

  @Test func versionTwoHasTheSameLayout() throws {
    let file = try open(FileBuilder.sample.setting("version", to: 2).bytes)
    #expect(file.version == 2)
    #expect(file.tensors.count == 4)
  }

  @Test func aFileOfMetadataAloneNeedsNoPadding() throws {
    var builder = FileBuilder(tensors: 0, entries: 1)
    builder.key("a", type: 0)
    builder.number(UInt8(1), "value")
    let file = try open(builder.bytes)
    #expect(file.tensors.isEmpty)
    #expect(try file.metadata.integer("a") == 1)
  }

  /// Rows of offsets that are legal though no writer in use makes them.
  @Test func tensorsMayStandInAnyOrder() throws {
    var builder = FileBuilder(tensors: 2, entries: 0)
    builder.tensor("second", [8], type: 0, offset: 64)
    builder.tensor("first", [8], type: 0, offset: 0)
    builder.pad(to: 32)
    builder.data(96, seed: 5)
    let file = try open(builder.bytes)
    #expect(file.copy(of: "first") == Array(builder.bytes.suffix(96).prefix(32)))
    #expect(file.copy(of: "second") == Array(builder.bytes.suffix(32)))
  }

  @Test(arguments: [1, 2, 8, 16, 32, 64, 4096, 65_536])
  func anyPowerOfTwoAligns(alignment: Int) throws {
    var builder = FileBuilder(tensors: 2, entries: 1)
    builder.key("general.alignment", type: 4)
    builder.number(UInt32(alignment), "value")
    builder.tensor("a", [3], type: 1, offset: 0)
    builder.tensor("b", [3], type: 1, offset: UInt64(max(6, alignment)))
    builder.pad(to: alignment)
    let start = builder.bytes.count
    builder.data(6, seed: 1)
    builder.pad(to: alignment)
    builder.data(6, seed: 2)
    let file = try open(builder.bytes)
    #expect(file.tensors[0].byteOffset == start)
    #expect(file.copy(of: "a") == Array(builder.bytes[start..<start + 6]))
    #expect(file.copy(of: "b") == Array(builder.bytes.suffix(6)))
  }
}
