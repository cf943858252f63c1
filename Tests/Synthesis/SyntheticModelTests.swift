import Foundation
import GGUF
import GPTOSS
import GPTOSSBlockFormats
import GPTOSSSynthesis
import GPTOSSTokenizer
import Testing

struct SyntheticModelTests {
  @Test func theFixtureIsWhatItsReadmeSays() throws {
    let fixture = URL(filePath: #filePath).appending(path: "../../../Fixtures/random-tiny.gguf")
      .standardized
    let written = try write(SyntheticModel(shape: .tiny, seed: 0))
    #expect(try Data(contentsOf: fixture) == written)
    #expect(written.count < 1_000_000)
  }

  @Test func seedsDecideTheBytes() throws {
    let first = try write(SyntheticModel(shape: .tiny, seed: 1))
    #expect(try write(SyntheticModel(shape: .tiny, seed: 1)) == first)
    #expect(try write(SyntheticModel(shape: .tiny, seed: 2)) != first)
  }

  /// Added up by hand from the dimensions: Q8_0 takes 34 bytes for 32 weights, MXFP4 17, the rest is float32.
  @Test(arguments: [
    (SyntheticShape.gptOSS20B, 12_096_558_336, 459), (.gptOSS120B, 63_374_323_968, 687),
  ])
  func trueShapesHaveTheirTrueSizes(_ shape: SyntheticShape, byteCount: Int, tensorCount: Int) {
    let model = SyntheticModel(shape: shape)
    #expect(model.byteCount == byteCount)
    #expect(model.tensorCount == tensorCount)
  }

  /// Breaks when what is told from a header alone is not what the whole file would tell.
  @Test func aHeaderAloneIsThatOfTheWholeFile() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = SyntheticModel(shape: .tiny, seed: 1)
    let whole = try write(model)
    try model.writeHeader(to: path)
    let header = try Data(contentsOf: URL(filePath: path))
    let file = try GGUFFile(path: path)
    let start = try #require(file.tensors.map(\.byteOffset).min())
    #expect(header.count == whole.count && header.prefix(start) == whole.prefix(start))
    #expect(header.dropFirst(start).allSatisfy { $0 == 0 })
    #expect(throws: SynthesisError.self) { try model.writeHeader(to: path, isOverwriting: false) }
  }

  /// Breaks when it takes a disk of 63 GB to tell what the large model needs.
  @Test func aHeaderTakesLittleDisk() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = SyntheticModel(shape: .gptOSS120B)
    try model.writeHeader(to: path)
    var status = stat()
    #expect(stat(path, &status) == 0 && Int(status.st_size) > model.byteCount)
    #expect(Int(status.st_blocks) * 512 < 64 << 20)
    try GGUFFile(path: path).checkModel()
  }

  /// Those whose blocks fit the tiny shape's rows.
  static let shortFormats = SyntheticModel.formats.filter { $0.weightsPerBlock <= 64 }

  @Test(arguments: shortFormats, shortFormats)
  func everyFormatGivesTheDeviationAskedFor(experts: BlockFormat, matrices: BlockFormat) throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = SyntheticModel(shape: .tiny, expertFormat: experts, matrixFormat: matrices, seed: 3)
    try model.write(to: path)
    let file = try GGUFFile(path: path)
    try file.checkModel()
    for (name, format, deviation) in [
      ("token_embd.weight", matrices, 1), ("blk.0.attn_q.weight", matrices, 1.5 / 8),
      ("blk.1.attn_output.weight", matrices, 1 / 128.0.squareRoot()), ("output.weight", matrices, 0.25),
      ("blk.0.ffn_gate_exps.weight", experts, 1.5 / 8), ("blk.1.ffn_down_exps.weight", experts, 0.125),
      ("blk.0.ffn_gate_inp.weight", .f32, 0.25), ("blk.1.ffn_up_exps.bias", .f32, 0.2),
    ] {
      let tensor = try #require(file.tensor(named: name))
      #expect(tensor.type.rawValue == format.ggmlTypeID, "\(name)")
      var values = [Float](repeating: 0, count: tensor.weightCount)
      file.withBytes(of: tensor) { format.decode($0, into: values.mutableSpan) }
      let squares = values.reduce(0.0) { $0 + Double($1) * Double($1) }
      let ratio = (squares / Double(values.count)).squareRoot() / deviation
      // MXFP4 has powers of two for scales; a thousand values scatter by a few percent.
      let spread = format == .mxfp4 ? 0.65...1.75 : 0.85...1.15
      #expect(spread.contains(ratio), "\(name) as \(format): deviation \(ratio) of what it should be")
      let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
      #expect(abs(mean) < 0.15 * deviation, "\(name) as \(format): mean \(mean)")
    }
  }

  @Test(arguments: [(BlockFormat.q4_K, BlockFormat.q5_0), (.q5_K, .q5_1), (.q6_K, .q8_0)])
  func rowsThatAreNoWholeBlocksHaveAnotherFormat(format: BlockFormat, other: BlockFormat) throws {
    for (shape, expected) in [(SyntheticShape.small, format), (.tiny, other)] {
      let path = temporaryPath()
      defer { try? FileManager.default.removeItem(atPath: path) }
      try SyntheticModel(shape: shape, expertFormat: format, matrixFormat: format, seed: 5).write(to: path)
      let file = try GGUFFile(path: path)
      try file.checkModel()
      for name in ["blk.0.attn_output.weight", "blk.1.ffn_up_exps.weight"] {
        let tensor = try #require(file.tensor(named: name))
        #expect(tensor.type.rawValue == expected.ggmlTypeID, "\(name)")
        var values = [Float](repeating: 0, count: tensor.weightCount)
        file.withBytes(of: tensor) { expected.decode($0, into: values.mutableSpan) }
        let gain = name.contains("ffn_up") ? 1.5 : 1
        let deviation = gain / Double(tensor.dimensions[0]).squareRoot()
        let squares = values.reduce(0.0) { $0 + Double($1) * Double($1) }
        let ratio = (squares / Double(values.count)).squareRoot() / deviation
        #expect((0.85...1.15).contains(ratio), "\(name) as \(expected): deviation \(ratio)")
        let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
        #expect(abs(mean) < 0.15 * deviation, "\(name) as \(expected): mean \(mean)")
      }
    }
  }

  @Test func whatProgressThrowsLeavesNoFile() throws {
    struct Stop: Error {}
    let folder = temporaryPath()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: Stop.self) {
      try SyntheticModel(shape: .tiny).write(to: folder + "/model.gguf") { _, _ in throw Stop() }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
  }

  @Test func progressEndsAtTheTotal() throws {
    let model = SyntheticModel(shape: .tiny)
    var last = 0
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.write(to: path) { written, total in
      #expect(written > last && total == model.byteCount)
      last = written
    }
    #expect(last == model.byteCount)
  }

  @Test func aMissingFolder() {
    let error = #expect(throws: SynthesisError.self) {
      let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
      try SyntheticModel(shape: .tiny).write(to: "\(folder)/model.gguf")
    }
    guard case .unusableFolder = error else {
      Issue.record("expected an unusable folder, got \(String(describing: error))")
      return
    }
  }

  @Test func aDiskThatIsTooSmall() {
    // A petabyte of experts.
    var shape = SyntheticShape.gptOSS120B
    shape.expertCount = 4_000_000
    let error = #expect(throws: SynthesisError.self) {
      try SyntheticModel(shape: shape).write(to: temporaryPath())
    }
    guard case .diskTooSmall(_, let needed, let available) = error else {
      Issue.record("expected a disk too small, got \(String(describing: error))")
      return
    }
    #expect(needed > available)
  }

  private func temporaryPath() -> String {
    FileManager.default.temporaryDirectory.appending(path: "synthetic-\(UUID()).gguf").path
  }

  private func write(_ model: SyntheticModel) throws -> Data {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.write(to: path)
    return try Data(contentsOf: URL(filePath: path))
  }
}
