import Foundation
import GGUF
import Testing

/// Files written here and read back; that others read them is checked by Tests/Conformance/gguf_files.py.
@Suite struct WriterTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  static let tensors: [GGUFWriter.Tensor] = [
    .init(name: "norm", dimensions: [7], type: .f32),
    .init(name: "attention", dimensions: [32, 3], type: .q8_0),
    .init(name: "experts", dimensions: [64, 2, 2], type: .mxfp4),
    .init(name: "scalar", dimensions: [], type: .f16),
  ]

  static func data(_ tensor: Int) -> [UInt8] {
    let count = [28, 102, 136, 2][tensor]
    return (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ tensor) }
  }

  /// Writes a file of `tensors`, in pieces of at most `chunk` bytes.
  func write(_ metadata: GGUFMetadata, chunk: Int = .max, as name: String = "model.gguf") throws {
    var writer = try GGUFWriter(path: folder.path(name), metadata: metadata, tensors: Self.tensors)
    for (index, tensor) in Self.tensors.enumerated() {
      let data = Self.data(index)
      for start in stride(from: 0, to: data.count, by: min(chunk, data.count)) {
        let piece = data.span.bytes.extracting(start..<min(start + min(chunk, data.count), data.count))
        try writer.write(piece, to: tensor.name)
      }
    }
    try writer.finish()
  }

  // MARK: Round trip

  @Test(arguments: [nil, 1, 8, 64, 4096] as [UInt32?], [1, 13, Int.max])
  func whatWasWrittenIsRead(alignment: UInt32?, chunk: Int) throws {
    var metadata = try GGUFTests.open(FileBuilder.sample.bytes).metadata
    metadata["general.alignment"] = alignment.map { .uint32($0) }
    try write(metadata, chunk: chunk)

    let file = try GGUFFile(path: folder.path("model.gguf"))
    #expect(file.version == 3)
    #expect(file.metadata.map(\.key) == metadata.map(\.key))
    #expect(file.metadata.map(\.value) == metadata.map(\.value))
    #expect(file.tensors.map(\.name) == Self.tensors.map(\.name))
    #expect(file.tensors.map(\.dimensions) == Self.tensors.map(\.dimensions))
    #expect(file.tensors.map(\.type) == Self.tensors.map(\.type))
    for (index, tensor) in file.tensors.enumerated() {
      #expect(file.copy(of: tensor.name) == Self.data(index), "tensor \(tensor.name)")
      #expect(tensor.byteOffset.isMultiple(of: Int(alignment ?? 32)))
    }
    // ggml reads the padding of the last tensor too.
    #expect(try folder.bytes(of: "model.gguf").count.isMultiple(of: Int(alignment ?? 32)))
  }

  @Test func theSampleFileIsWrittenToTheByte() throws {
    let sample = FileBuilder.sample.bytes
    let file = try GGUFTests.open(sample)
    var writer = try GGUFWriter(
      path: folder.path("copy.gguf"), metadata: file.metadata,
      tensors: file.tensors.map { .init(name: $0.name, dimensions: $0.dimensions, type: $0.type) })
    for tensor in file.tensors {
      try file.withBytes(of: tensor) { bytes throws(GGUFError) in try writer.write(bytes, to: tensor.name) }
    }
    try writer.finish()
    #expect(try folder.bytes(of: "copy.gguf") == sample)
  }

  @Test func aFileWithoutTensorsIsWritten() throws {
    var metadata = GGUFMetadata()
    metadata["general.name"] = "vocabulary alone"
    try GGUFWriter(path: folder.path("model.gguf"), metadata: metadata, tensors: []).finish()
    let file = try GGUFFile(path: folder.path("model.gguf"))
    #expect(try file.metadata.string("general.name") == "vocabulary alone")
    #expect(file.tensors.isEmpty)
  }

  /// More than the writer's buffer, in pieces below and above its size.
  @Test(arguments: [1 << 19, (1 << 20) - 1, 1 << 20, 3 << 20])
  func largeTensorsAreWritten(chunk: Int) throws {
    let data = (0..<5 << 20).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8 ^ $0 >> 16) }
    var writer = try GGUFWriter(
      path: folder.path("model.gguf"), metadata: GGUFMetadata(),
      tensors: [.init(name: "t", dimensions: [data.count], type: .i8)])
    for start in stride(from: 0, to: data.count, by: chunk) {
      try writer.write(data.span.bytes.extracting(start..<min(start + chunk, data.count)), to: "t")
    }
    try writer.finish()
    #expect(try GGUFFile(path: folder.path("model.gguf")).copy(of: "t") == data)
  }

  // MARK: All or nothing

  @Test func anUnfinishedFileLeavesNothing() throws {
    do {
      var writer = try GGUFWriter(
        path: folder.path("model.gguf"), metadata: GGUFMetadata(), tensors: Self.tensors)
      try writer.write(Self.data(0).span.bytes, to: "norm")
      #expect(try folder.names.count == 1)
      #expect(try folder.names != ["model.gguf"])
    }
    #expect(try folder.names == [])
  }

  @Test func anIncompleteFileIsRefusedAndLeavesNothing() throws {
    var writer = try GGUFWriter(
      path: folder.path("model.gguf"), metadata: GGUFMetadata(), tensors: Self.tensors)
    try writer.write(Self.data(0).span.bytes, to: "norm")
    try writer.write(Self.data(1).span.bytes.extracting(first: 100), to: "attention")
    do {
      try writer.finish()
      Issue.record("nothing was thrown")
    } catch {
      #expect(error.reason == .wrongByteCount(expected: 102, actual: 100))
      #expect(error.place == .tensor("attention"))
    }
    #expect(try folder.names == [])
  }

  @Test func aMappedFileStaysWholeWhenReplaced() throws {
    try write(GGUFMetadata())
    let old = try GGUFFile(path: folder.path("model.gguf"))
    var metadata = GGUFMetadata()
    metadata["general.name"] = "new"
    var writer = try GGUFWriter(
      path: folder.path("model.gguf"), metadata: metadata,
      tensors: [.init(name: "other", dimensions: [2], type: .f16)])
    try writer.write([1, 2, 3, 4].span.bytes.extracting(first: 4), to: "other")
    #expect(try GGUFFile(path: folder.path("model.gguf")).tensors.count == 4)
    try writer.finish()
    #expect(old.copy(of: "experts") == Self.data(2))
    #expect(try GGUFFile(path: folder.path("model.gguf")).tensors.map(\.name) == ["other"])
    #expect(try folder.names == ["model.gguf"])
  }

  // MARK: Refusals

  @Test(arguments: [
    ("norm", [7], GGUFTensorType.f32, GGUFError.Reason.duplicateTensor),
    ("", [7], .f32, .invalidNameLength(0, limit: 63)),
    (String(repeating: "x", count: 64), [7], .f32, .invalidNameLength(64, limit: 63)),
    ("t", [1, 1, 1, 1, 1], .f32, .tooManyDimensions(5)),
    ("t", [0], .f32, .invalidDimension(0)),
    ("t", [-1], .f32, .invalidDimension(.max)),
    ("t", [33], .mxfp4, .partialBlock(rowLength: 33, weightsPerBlock: 32)),
    ("t", [Int.max], .f32, .sizeOverflow(dimensions: [Int.max])),
    ("t", [Int.max, 2], .i8, .sizeOverflow(dimensions: [Int.max, 2])),
    ("t", [Int.max], .i8, .sizeOverflow(dimensions: [Int.max])),
  ])
  func tensorsThatReadersWouldRefuse(
    name: String, dimensions: [Int], type: GGUFTensorType, reason: GGUFError.Reason
  ) throws {
    let tensors = Self.tensors + [.init(name: name, dimensions: dimensions, type: type)]
    do {
      _ = try GGUFWriter(path: folder.path("model.gguf"), metadata: GGUFMetadata(), tensors: tensors)
      Issue.record("nothing was thrown")
    } catch {
      #expect(error.reason == reason)
      #expect(error.place == .tensor(name))
    }
    #expect(try folder.names == [])
  }

  @Test(
    arguments: [
      ("", .uint8(1), .invalidNameLength(0, limit: 65_535)),
      (String(repeating: "k", count: 65_536), .uint8(1), .invalidNameLength(65_536, limit: 65_535)),
      ("general.alignment", .uint32(0), .invalidAlignment(0)),
      ("general.alignment", .uint32(48), .invalidAlignment(48)),
      ("general.alignment", .uint64(32), .typeMismatch(expected: "uint32", actual: "uint64")),
    ] as [(String, GGUFValue, GGUFError.Reason)])
  func metadataThatReadersWouldRefuse(key: String, value: GGUFValue, reason: GGUFError.Reason) throws {
    var metadata = GGUFMetadata()
    metadata[key] = value
    do {
      _ = try GGUFWriter(path: folder.path("model.gguf"), metadata: metadata, tensors: [])
      Issue.record("nothing was thrown")
    } catch {
      #expect(error.reason == reason)
      #expect(error.place == .key(key))
    }
    #expect(try folder.names == [])
  }

  @Test func dataOutOfTurnIsRefused() throws {
    var writer = try GGUFWriter(
      path: folder.path("model.gguf"), metadata: GGUFMetadata(),
      tensors: [.init(name: "a", dimensions: [1], type: .f16), .init(name: "b", dimensions: [1], type: .f16)])
    let data = [1, 2, 3] as [UInt8]
    func reason(_ write: () throws(GGUFError) -> Void) -> GGUFError.Reason? {
      do {
        try write()
        return nil
      } catch {
        return error.reason
      }
    }
    #expect(
      reason { () throws(GGUFError) in try writer.write(data.span.bytes.extracting(first: 2), to: "b") }
        == .unexpectedTensor(expected: "a"))
    #expect(
      reason { () throws(GGUFError) in try writer.write(data.span.bytes, to: "a") }
        == .wrongByteCount(expected: 2, actual: 3))
    try writer.write(data.span.bytes.extracting(first: 2), to: "a")
    #expect(
      reason { () throws(GGUFError) in try writer.write(data.span.bytes.extracting(first: 2), to: "a") }
        == .unexpectedTensor(expected: "b"))
    try writer.write(data.span.bytes.extracting(first: 2), to: "b")
    #expect(
      reason { () throws(GGUFError) in try writer.write(data.span.bytes.extracting(first: 1), to: "b") }
        == .unexpectedTensor(expected: nil))
    try writer.finish()
  }

  /// Neither a file that was there before nor one that came while this one was written is replaced.
  @Test(arguments: [false, true]) func nothingIsReplacedUnlessWanted(cameLater: Bool) throws {
    let kept: [UInt8] = [1, 2, 3]
    if !cameLater { _ = try folder.write(kept, as: "x.gguf") }
    #expect {
      let writer = try GGUFWriter(
        path: folder.path("x.gguf"), metadata: GGUFMetadata(), tensors: [], isOverwriting: false)
      if cameLater { _ = try folder.write(kept, as: "x.gguf") }
      try writer.finish()
    } throws: {
      ($0 as? GGUFError)?.reason == .alreadyExists
    }
    #expect(try folder.bytes(of: "x.gguf") == kept)
    try GGUFWriter(
      path: folder.path("new.gguf"), metadata: GGUFMetadata(), tensors: [], isOverwriting: false
    ).finish()
    try GGUFWriter(path: folder.path("x.gguf"), metadata: GGUFMetadata(), tensors: []).finish()
    #expect(try folder.bytes(of: "x.gguf") == folder.bytes(of: "new.gguf"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path("")).sorted() == ["new.gguf", "x.gguf"])
  }

  /// A killed writer's file goes, one at work and whatever else has a similar name stays.
  @Test func leftoversAreRemoved() throws {
    let others = [
      "x.gguf.partial", "x.gguf.123.partial", "x.gguf.12345678.partial.bak", "y.gguf.12345678.partial",
    ]
    for name in others + ["x.gguf.0badcafe.partial"] { try folder.write([1], as: name) }
    let writing = try GGUFWriter(path: folder.path("x.gguf"), metadata: GGUFMetadata(), tensors: [])
    let temporary = try folder.names.filter { $0.hasSuffix(".partial") && !others.contains($0) }
    #expect(temporary.count == 1 && temporary != ["x.gguf.0badcafe.partial"], "\(temporary)")
    try GGUFWriter(path: folder.path("x.gguf"), metadata: GGUFMetadata(), tensors: []).finish()
    #expect(try folder.names.contains(temporary[0]), "a writer at work keeps its file")
    try writing.finish()
    #expect(try folder.names == (others + ["x.gguf"]).sorted())
  }

  @Test func whatTheSystemRefusesIsSaid() throws {
    do {
      _ = try GGUFWriter(path: folder.path("no/such/folder.gguf"), metadata: GGUFMetadata(), tensors: [])
      Issue.record("nothing was thrown")
    } catch {
      #expect(error.reason == .system(operation: "create", code: ENOENT))
    }
    do {
      _ = try GGUFWriter(path: folder.path, metadata: GGUFMetadata(), tensors: [])
      Issue.record("nothing was thrown")
    } catch {
      #expect(error.reason == .notARegularFile(kind: "a folder"))
    }
  }
}
