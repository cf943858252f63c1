import Foundation
import GGUF
import Testing

/// Files published in parts: `NAME-00001-of-00003.gguf` and so on.
@Suite struct SplitTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// What a part says of itself, and where it is.
  struct Part {
    var number: UInt64
    var count: UInt16 = 3
    var tensorCount: Int32 = 4
    var tensors: [String]
    var alignment = 32
    var statesAlignment = false
    var weights = 8
    var author: String?

    func bytes() -> [UInt8] {
      var file = FileBuilder(
        tensors: UInt64(tensors.count),
        entries: 3 + (statesAlignment ? 1 : 0) + (number == 0 ? 1 : 0) + (author == nil ? 0 : 1))
      if number == 0 {
        file.key("general.name", type: 8)
        file.string("in parts", "name")
      }
      if statesAlignment {
        file.key("general.alignment", type: 4)
        file.number(UInt32(alignment), "alignment")
      }
      if let author {
        file.key("general.author", type: 8)
        file.string(author, "author")
      }
      if let number = UInt16(exactly: number) {
        file.key("split.no", type: 2)
        file.number(number, "number")
      } else {
        file.key("split.no", type: 10)
        file.number(number, "number")
      }
      file.key("split.count", type: 2)
      file.number(count, "count")
      file.key("split.tensors.count", type: 5)
      file.number(tensorCount, "tensor count")
      let stride = (4 * weights + alignment - 1) / alignment * alignment
      for (index, name) in tensors.enumerated() {
        file.tensor(name, [UInt64(weights)], type: 0, offset: UInt64(index * stride))
      }
      file.pad(to: alignment)
      for name in tensors {
        file.data(4 * weights, seed: name.utf8.first ?? 0)
        file.pad(to: alignment)
      }
      return file.bytes
    }
  }

  static let parts = [
    Part(number: 0, tensors: ["a", "b"]), Part(number: 1, tensors: []), Part(number: 2, tensors: ["c", "d"]),
  ]

  static func name(_ number: Int, of count: Int = 3) -> String {
    func five(_ number: Int) -> String { String(String(number + 100_000).dropFirst()) }
    return "model-\(five(number))-of-\(five(count)).gguf"
  }

  /// Writes the parts and opens one of them.
  func open(_ parts: [Part], part: Int = 0) throws -> GGUFFile {
    for (index, part) in parts.enumerated() {
      try folder.write(part.bytes(), as: Self.name(index + 1))
    }
    return try GGUFFile(path: folder.path(Self.name(part + 1)))
  }

  func refusal(of parts: [Part], part: Int = 0) throws -> GGUFError? {
    #expect(throws: GGUFError.self) { try open(parts, part: part) }
  }

  func expectData(_ file: GGUFFile) {
    for name in ["a", "b", "c", "d"] {
      var expected = FileBuilder(tensors: 0, entries: 0)
      expected.data(32, seed: name.utf8.first ?? 0)
      #expect(file.copy(of: name) == Array(expected.bytes.suffix(32)), "tensor \(name)")
    }
  }

  @Test(arguments: 0..<3) func anyPartOpensAll(part: Int) throws {
    let file = try open(Self.parts, part: part)
    #expect(file.tensors.map(\.name) == ["a", "b", "c", "d"])
    #expect(file.tensors.map(\.part) == [0, 0, 2, 2])
    #expect(file.partPaths == (1...3).map { folder.path(Self.name($0)) })
    #expect(try file.metadata.string("general.name") == "in parts")
    expectData(file)
  }

  /// gguf-py states the alignment in the first part and aligns all parts with it; gguf-split states it
  /// there too, but aligns the others to 32.
  @Test(arguments: [8, 64, 128, 4096], [true, false])
  func partsWithoutAlignmentAreUnderstood(alignment: Int, inherits: Bool) throws {
    var parts = Self.parts
    for index in parts.indices { parts[index].alignment = index == 0 || inherits ? alignment : 32 }
    parts[0].statesAlignment = true
    expectData(try open(parts))
  }

  /// The length alone cannot always tell: here, for one length of header in four, both alignments lead to it.
  @Test(arguments: 0..<32) func offsetsTellToo(headerLength: Int) throws {
    let names = ["a", "b", "c", "d"].map { $0 + String(repeating: "x", count: headerLength) }
    try folder.write(
      Part(number: 0, count: 2, tensors: [], alignment: 8, statesAlignment: true).bytes(),
      as: Self.name(1, of: 2))
    try folder.write(
      Part(number: 1, count: 2, tensors: names, alignment: 8, weights: 6).bytes(), as: Self.name(2, of: 2))
    let file = try GGUFFile(path: folder.path(Self.name(1, of: 2)))
    for name in names {
      var expected = FileBuilder(tensors: 0, entries: 0)
      expected.data(24, seed: name.utf8.first ?? 0)
      #expect(file.copy(of: name) == Array(expected.bytes.suffix(24)), "tensor \(name)")
    }
  }

  @Test func aPartMayHaveAnAlignmentOfItsOwn() throws {
    var parts = Self.parts
    parts[2].alignment = 256
    parts[2].statesAlignment = true
    expectData(try open(parts, part: 1))
  }

  /// What merging leaves behind.
  @Test(arguments: [0, 1] as [UInt16]) func aFileThatIsNotSplitStandsAlone(count: UInt16) throws {
    let path = try folder.write(Part(number: 0, count: count, tensors: ["a"]).bytes(), as: "any name")
    #expect(try GGUFFile(path: path).tensors.map(\.name) == ["a"])
  }

  // MARK: Broken sets

  @Test(arguments: [(0, 1), (0, 2), (2, 0)])
  func aMissingPartIsNamed(opened: Int, missing: Int) throws {
    _ = try open(Self.parts)
    try FileManager.default.removeItem(atPath: folder.path(Self.name(missing + 1)))
    let error = #expect(throws: GGUFError.self) { try GGUFFile(path: folder.path(Self.name(opened + 1))) }
    #expect(error?.reason == .missingPart(part: missing, of: 3))
    #expect(error?.path == folder.path(Self.name(missing + 1)))
  }

  @Test(arguments: [
    "model.gguf", "model-00002-of-00003.gguf", "model-00001-of-00004.gguf", "model-1-of-3.gguf",
    "model-00001-of-00003.bin",
  ])
  func aPartUnderAnotherNameIsRefused(name: String) throws {
    let path = try folder.write(Self.parts[0].bytes(), as: name)
    let error = #expect(throws: GGUFError.self) { try GGUFFile(path: path) }
    #expect(error?.reason == .partMisnamed(part: 0, of: 3))
  }

  /// A number from which no name follows.
  @Test(arguments: [3, UInt64(Int.max)]) func aNumberOutsideTheSetIsRefused(number: UInt64) throws {
    let path = try folder.write(Part(number: number, tensors: ["a"]).bytes(), as: Self.name(1))
    let error = #expect(throws: GGUFError.self) { try GGUFFile(path: path) }
    #expect(error?.reason == .partMisnamed(part: Int(number), of: 3))
    #expect(error?.description.contains("part \(number), counted from 0, of 3") ?? false)
  }

  @Test func aPartOfAnotherSplitIsRefused() throws {
    var parts = Self.parts
    parts[1].count = 4
    let error = try refusal(of: parts)
    #expect(error?.reason == .partMismatch(key: "split.count", expected: 3, actual: 4))
    #expect(error?.path == folder.path(Self.name(2)))
  }

  @Test func aPartInAnothersPlaceIsRefused() throws {
    var parts = Self.parts
    parts[1].number = 2
    let error = try refusal(of: parts)
    #expect(error?.reason == .partMismatch(key: "split.no", expected: 1, actual: 2))
  }

  @Test func aPartOfAnotherModelIsRefused() throws {
    var parts = Self.parts
    parts[2].tensorCount = 5
    let error = try refusal(of: parts)
    #expect(error?.reason == .partMismatch(key: "split.tensors.count", expected: 4, actual: 5))
    #expect(error?.place == .key("split.tensors.count"))
  }

  /// Later parts may repeat what the first says, or add to it, but not contradict it.
  @Test(
    arguments: [("A", "A", true), ("A", "B", false), (nil, "B", true), ("A", nil, true)]
      as [(String?, String?, Bool)])
  func aPartThatContradictsTheFirstIsRefused(_ first: String?, _ later: String?, _ fits: Bool) throws {
    var parts = Self.parts
    parts[0].author = first
    parts[2].author = later
    if fits { return expectData(try open(parts, part: 2)) }
    let error = try refusal(of: parts, part: 2)
    #expect(error?.reason == .contradictoryPart(key: "general.author"))
    #expect(error?.path == folder.path(Self.name(3)) && error?.place == .key("general.author"))
  }

  /// A part of very many is refused as soon as one is not there, and before anything is made for the others.
  @Test(arguments: [0, 1] as [UInt64]) func theNumberOfPartsIsNotBelieved(number: UInt64) throws {
    let name = "model-0000\(number + 1)-of-65535.gguf"
    let path = try folder.write(Part(number: number, count: .max, tensors: ["a"]).bytes(), as: name)
    let error = #expect(throws: GGUFError.self) { try GGUFFile(path: path) }
    #expect(error?.reason == .missingPart(part: number == 0 ? 1 : 0, of: 65_535))
  }

  @Test func aTensorTooFewIsNoticed() throws {
    var parts = Self.parts
    parts[2].tensors = ["c"]
    let error = try refusal(of: parts)
    #expect(error?.reason == .partMismatch(key: "split.tensors.count", expected: 4, actual: 3))
  }

  @Test func aTensorInTwoPartsIsRefused() throws {
    var parts = Self.parts
    parts[2].tensors = ["c", "a"]
    let error = try refusal(of: parts)
    #expect(error?.reason == .duplicateTensor)
    #expect(error?.place == .tensor("a"))
    #expect(error?.path == folder.path(Self.name(3)))
  }

  @Test func aWholeFileInAPartsPlaceIsRefused() throws {
    _ = try open(Self.parts)
    try folder.write(FileBuilder.sample.bytes, as: Self.name(2))
    let error = #expect(throws: GGUFError.self) { try GGUFFile(path: folder.path(Self.name(1))) }
    #expect(error?.reason == .missingKey)
    #expect(error?.path == folder.path(Self.name(2)))
  }

  @Test func aDamagedPartIsNamed() throws {
    _ = try open(Self.parts)
    let bytes = Self.parts[2].bytes()
    try folder.write(bytes.dropLast(20).map { $0 }, as: Self.name(3))
    let error = #expect(throws: GGUFError.self) { try GGUFFile(path: folder.path(Self.name(1))) }
    #expect(error?.path == folder.path(Self.name(3)))
    #expect(error?.place == .tensor("d"))
  }
}
