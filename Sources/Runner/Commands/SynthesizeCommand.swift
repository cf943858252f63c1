import ArgumentParser
import GPTOSS
import GPTOSSBlockFormats
import GPTOSSSynthesis
import GPTOSSTerminal

/// `gptoss synthesize`: a model with random weights.
struct SynthesizeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize",
    abstract: "Write a model with random weights and the shape of a real one.",
    discussion: """
      For benchmarks and tests without a download: the model takes the memory and time of a real one, but \
      its text means nothing. The same options give the same bytes.
      """)

  @Option(help: "The dimensions: 20b (12.1 GB), 120b (63.4 GB), small or tiny.")
  var shape: Shape

  @Option(
    number: "How many transformer blocks, if fewer than the shape has: 120b with 8 of its 36 is 15.0 GB.")
  var layers: Int?

  @Option(
    number: "The seed of the random numbers.")
  var seed: UInt64 = 0

  @Option(
    help: """
      The format of the experts, a comma, and the format of the other matrices; each one of mxfp4, q8_0, \
      q5_0, q5_1, q4_K, q5_K, q6_K, f16, bf16 and f32. Rows that are no multiple of 256 are q5_0 in place of \
      q4_K, q5_1 in place of q5_K, and q8_0 in place of q6_K, as in published files.
      """)
  var types = FormatPair(experts: .mxfp4, matrices: .q8_0)

  @Option(
    help: "A .tiktoken file with the tokens; a small built-in vocabulary if left out.",
    completion: .file(extensions: ["tiktoken"]))
  var vocabulary: String?

  @Flag(
    help: """
      Write the header alone: a file of the full size that takes no room on the disk, whose weights are zeros, \
      for inspect and load --estimate-only.
      """)
  var headerOnly = false

  @Flag(help: Destination.forceHelp)
  var force = false

  @Argument(help: "The GGUF file to write.", completion: .file(extensions: ["gguf"]))
  var output: String

  private var destination: Destination { Destination(path: output, isOverwriting: force) }

  func validate() throws {
    try destination.validate("The file to write")
    try checkPath("--vocabulary", vocabulary)
    let most = shape.dimensions.layerCount
    if let layers, layers < 1 || layers > most {
      throw ValidationError("--layers is \(layers); this shape has 1 to \(most).")
    }
  }

  func run() async throws {
    try destination.check(reading: [vocabulary].compactMap(\.self))
    var dimensions = shape.dimensions
    dimensions.layerCount = layers ?? dimensions.layerCount
    let model = SyntheticModel(
      shape: dimensions, expertFormat: types.experts, matrixFormat: types.matrices,
      vocabulary: try vocabulary.map { path in try SyntheticVocabulary(tiktoken: path) } ?? .builtIn,
      seed: seed)
    if headerOnly { return try model.writeHeader(to: output, isOverwriting: force) }
    var progress = ProgressBar("writing")
    defer { progress.finish() }
    try model.write(to: output, isOverwriting: force) { written, total in
      try Task.checkCancellation()
      progress.update(Double(written) / Double(total), "\(ByteCount(written)) of \(ByteCount(total))")
    }
  }

  /// The shapes by their names.
  enum Shape: String, ExpressibleByArgument, CaseIterable {
    case twenty = "20b"
    case hundredTwenty = "120b"
    case small, tiny

    var dimensions: SyntheticShape {
      switch self {
      case .twenty: .gptOSS20B
      case .hundredTwenty: .gptOSS120B
      case .small: .small
      case .tiny: .tiny
      }
    }
  }

  /// Two formats, written `mxfp4,q8_0`.
  struct FormatPair: ExpressibleByArgument {
    let experts: BlockFormat
    let matrices: BlockFormat

    init(experts: BlockFormat, matrices: BlockFormat) {
      self.experts = experts
      self.matrices = matrices
    }

    init?(argument: String) {
      let formats = argument.lowercased().split(separator: ",", omittingEmptySubsequences: false).map {
        name in
        SyntheticModel.formats.first { $0.rawValue.lowercased() == name }
      }
      guard formats.count == 2, let experts = formats[0], let matrices = formats[1] else { return nil }
      self.init(experts: experts, matrices: matrices)
    }

    var defaultValueDescription: String { "\(experts.rawValue),\(matrices.rawValue)" }
  }
}
