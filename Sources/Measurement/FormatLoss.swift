package import GGUF
package import GPTOSSBlockFormats

/// What the weights of a tensor lose where they are stored in another format.
package struct FormatLoss: Sendable {
  /// √(Σ error² / Σ weight²): 0 for nothing.
  package private(set) var relativeError = 0.0
  /// The largest error of a weight.
  package private(set) var largestError: Float = 0
  /// How many weights stay what they are.
  package private(set) var unchangedCount = 0
  package private(set) var count = 0
  /// Bits per weight in the other format, scales included.
  package let bitsPerWeight: Double

  /// Encodes a part of a tensor and decodes it again.
  ///
  /// - Parameters:
  ///   - part: whole rows, whose length is a multiple of both formats' blocks.
  ///   - other: a format that this package writes.
  /// - Throws: `BlockFormatError` for weights that the format cannot hold; `CancellationError`.
  package init(
    of part: GGUFTensor, _ format: BlockFormat, as other: any BlockEncoding.Type, in file: GGUFFile
  ) throws {
    bitsPerWeight = Double(8 * other.bytesPerBlock) / Double(other.weightsPerBlock)
    var (errors, squares) = (0.0, 0.0)
    try file.forEachPiece(of: part, format) { _, weights, _ in
      var bytes = [UInt8](repeating: 0, count: weights.count / other.weightsPerBlock * other.bytesPerBlock)
      var span = bytes.mutableSpan
      try other.encode(weights.span, into: span.mutableBytes)
      var decoded = [Float](repeating: 0, count: weights.count)
      other.decode(bytes.span.bytes, into: decoded.mutableSpan)
      for (weight, other) in zip(weights, decoded) {
        let error = Double(other) - Double(weight)
        errors += error * error
        squares += Double(weight) * Double(weight)
        largestError = max(largestError, Float(error.magnitude))
        if other == weight { unchangedCount += 1 }
      }
      count += weights.count
    }
    // Nothing was lost where there was nothing; of weights that are no numbers there is no error to tell.
    relativeError = squares == 0 && errors == 0 ? 0 : (errors / squares).squareRoot()
  }
}
