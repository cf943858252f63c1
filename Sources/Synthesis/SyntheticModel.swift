import GGUF
public import GPTOSSBlockFormats
import GPTOSSSampling

#if canImport(FoundationEssentials)
  public import struct FoundationEssentials.URL
#else
  public import struct Foundation.URL
#endif

/// A gpt-oss model with random weights in a true shape: for benchmarks and tests without a download.
///
/// What it generates means nothing, but the file has every tensor and key of a real one, costs the same to
/// run, and its activations stay in a sane range: the deviations of the weights are such that each layer
/// keeps the size of what it is given.
///
///     let model = SyntheticModel(shape: .gptOSS20B, vocabulary: try .init(tiktoken: "o200k_base.tiktoken"))
///     try model.write(to: "random-20b.gguf") { written, total in … }
///
/// The same values give the same bytes on every platform. Not a copy of a real model's statistics: weights
/// are independent of each other.
public struct SyntheticModel: Sendable {
  /// The formats that random weights can be written in.
  ///
  /// Where a matrix has no multiple of 256 columns, as most of gpt-oss's have none, Q4_K, Q5_K and Q6_K
  /// become Q5_0, Q5_1 and Q8_0: what llama.cpp does, which makes the published files.
  public static let formats: [BlockFormat] = [
    .mxfp4, .q8_0, .q5_0, .q5_1, .q4_K, .q5_K, .q6_K, .f16, .bf16, .f32,
  ]

  /// The dimensions.
  public var shape: SyntheticShape
  /// The format of the experts' matrices; one of ``formats``.
  public var expertFormat: BlockFormat
  /// The format of embedding, attention and output matrices; one of ``formats``.
  public var matrixFormat: BlockFormat
  /// The tokens.
  public var vocabulary: SyntheticVocabulary
  /// The start of the random numbers.
  public var seed: UInt64

  /// A model that is not written yet, in the formats of the published files unless others are given.
  ///
  /// - Parameters:
  ///   - shape: the dimensions.
  ///   - expertFormat: the format of the experts' matrices.
  ///   - matrixFormat: that of embedding, attention and output matrices.
  ///   - vocabulary: the tokens; filled up to the shape's size if they are fewer.
  ///   - seed: the start of the random numbers.
  /// - Precondition: both formats are of ``formats``.
  public init(
    shape: SyntheticShape, expertFormat: BlockFormat = .mxfp4, matrixFormat: BlockFormat = .q8_0,
    vocabulary: SyntheticVocabulary = .builtIn, seed: UInt64 = 0
  ) {
    precondition(Self.formats.contains(expertFormat) && Self.formats.contains(matrixFormat))
    self.shape = shape
    self.expertFormat = expertFormat
    self.matrixFormat = matrixFormat
    self.vocabulary = vocabulary.padded(to: shape.vocabularySize)
    self.seed = seed
  }

  /// The bytes of all tensors; the file is larger by its header, which the vocabulary dominates.
  public var byteCount: Int { tensors.reduce(0) { $0 + $1.byteCount } }

  /// The number of tensors.
  public var tensorCount: Int { tensors.count }

  /// Writes the model as a GGUF file, in little memory.
  ///
  /// The file takes its name when it is complete.
  ///
  /// - Parameters:
  ///   - path: the file's name.
  ///   - isOverwriting: whether a file of that name is replaced; otherwise it is refused.
  ///   - progress: called after every few megabytes with the bytes written and those of all tensors. What it
  ///     throws ends the writing and leaves no file.
  /// - Throws: ``SynthesisError`` if the disk is too small or the file cannot be written, and what `progress`
  ///   throws.
  public func write(
    to path: String, isOverwriting: Bool = true,
    progress: (_ written: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws {
    try checkSpace(for: path)
    let total = byteCount
    var written = 0
    var seeds = SplitMix64(seed: seed)
    do {
      var writer = try GGUFWriter(
        path: path, metadata: metadata, tensors: tensors.map(\.record), isOverwriting: isOverwriting)
      for tensor in tensors {
        // One seed per tensor, so that its values do not depend on what stands before it.
        var blocks = RandomBlocks(tensor, seed: seeds.next())
        try blocks.forEachChunk { chunk in
          try writer.write(chunk, to: tensor.name)
          written += chunk.byteCount
          try progress(written, total)
        }
      }
      try writer.finish()
    } catch let error as GGUFError {
      throw SynthesisError.file(error)
    }
  }

  /// Writes the header of the model, and holes in place of all tensors: the file has its full size, reads as
  /// zeros and takes a few megabytes of disk. From the header it is told what a model of this shape needs.
  ///
  /// - Parameters:
  ///   - path: the file's name.
  ///   - isOverwriting: whether a file of that name is replaced; otherwise it is refused.
  /// - Throws: ``SynthesisError`` if the file cannot be written.
  public func writeHeader(to path: String, isOverwriting: Bool = true) throws(SynthesisError) {
    do throws(GGUFError) {
      var writer = try GGUFWriter(
        path: path, metadata: metadata, tensors: tensors.map(\.record), isOverwriting: isOverwriting)
      for tensor in tensors { try writer.skip(tensor.name) }
      try writer.finish()
    } catch { throw .file(error) }
  }

  /// Writes the model as a GGUF file that a URL names.
  ///
  /// - Throws: as for a path, and ``SynthesisError/file(_:)`` for the address of something else than a local
  ///   file.
  public func write(to url: URL, progress: (_ written: Int, _ total: Int) throws -> Void = { _, _ in }) throws
  {
    let path: String
    do { path = try url.filePath() } catch { throw SynthesisError.file(error) }
    try write(to: path, progress: progress)
  }

  private func checkSpace(for path: String) throws(SynthesisError) {
    // Tokens and merges of o200k take 13 MB.
    let needed = byteCount + 32 * vocabulary.tokens.count + 32 * vocabulary.merges.count + 1 << 20
    let available = try DiskSpace.available(forFileAt: path)
    if available < needed { throw .diskTooSmall(path: path, needed: needed, available: available) }
  }
}
