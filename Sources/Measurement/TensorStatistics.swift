package import GGUF
package import GPTOSSBlockFormats

/// What the weights of a tensor, or of a part of one, are like.
package struct TensorStatistics: Sendable {
  /// A weight far from the others.
  package struct Outlier: Sendable {
    /// Its place among the weights of the part.
    package let index: Int
    package let value: Float
  }

  /// From how many standard deviations on a weight is an outlier.
  package static let outlierDistance = 6.0
  /// How many outliers are named.
  private static let namedCount = 5

  package private(set) var count = 0
  package private(set) var zeroCount = 0
  /// Weights that are no numbers, which nothing else here counts.
  package private(set) var notFiniteCount = 0
  package private(set) var smallest = Float.infinity
  package private(set) var largest = -Float.infinity
  package private(set) var mean = 0.0
  /// The standard deviation of all weights from their mean.
  package private(set) var deviation = 0.0
  /// How many weights are further than ``outlierDistance`` standard deviations from the mean.
  package private(set) var outlierCount = 0
  /// The largest of them.
  package private(set) var outliers: [Outlier] = []
  /// How many groups have a scale from 2^exponent to just below 2^(exponent + 1), by the exponent; none for
  /// formats without scales.
  package private(set) var scaleCounts: [Int: Int] = [:]
  /// Groups whose scale is 0.
  package private(set) var zeroScaleCount = 0
  /// How many weights have each of the sixteen nibbles, for MXFP4; zeros for other formats.
  package private(set) var nibbleCounts = [Int](repeating: 0, count: 16)

  /// Reads a part twice: once for its mean, once for what is far from it.
  ///
  /// - Throws: `CancellationError`.
  package init(of part: GGUFTensor, _ format: BlockFormat, in file: GGUFFile) throws {
    var (sum, squares) = (0.0, 0.0)
    try file.forEachPiece(of: part, format) { _, weights, bytes in
      for weight in weights {
        guard weight.isFinite else {
          notFiniteCount += 1
          continue
        }
        if weight == 0 { zeroCount += 1 }
        smallest = min(smallest, weight)
        largest = max(largest, weight)
        sum += Double(weight)
        squares += Double(weight) * Double(weight)
      }
      count += weights.count
      note(bytes, format)
    }
    let finite = Double(max(1, count - notFiniteCount))
    mean = sum / finite
    deviation = max(0, squares / finite - mean * mean).squareRoot()
    let limit = Self.outlierDistance * deviation
    try file.forEachPiece(of: part, format) { first, weights, _ in
      for (index, weight) in weights.enumerated()
      where weight.isFinite && abs(Double(weight) - mean) > limit {
        outlierCount += 1
        note(Outlier(index: first + index, value: weight))
      }
    }
  }

  private mutating func note(_ outlier: Outlier) {
    let distance = { [mean] (value: Float) in abs(Double(value) - mean) }
    let place = outliers.firstIndex { distance($0.value) < distance(outlier.value) } ?? outliers.count
    guard place < Self.namedCount else { return }
    outliers.insert(outlier, at: place)
    if outliers.count > Self.namedCount { outliers.removeLast() }
  }

  /// Counts the scales and levels of some blocks.
  private mutating func note(_ blocks: RawSpan, _ format: BlockFormat) {
    switch format {
    case .f32, .f16, .bf16: return
    case .mxfp4:
      // The formats of large tensors, without an explanation of each block.
      for start in stride(from: 0, to: blocks.byteCount, by: MXFP4.bytesPerBlock) {
        let exponent = Int(blocks.unsafeLoad(fromByteOffset: start, as: UInt8.self)) - 127
        scaleCounts[exponent, default: 0] += 1
        for byte in start + 1..<start + MXFP4.bytesPerBlock {
          let pair = Int(blocks.unsafeLoad(fromByteOffset: byte, as: UInt8.self))
          nibbleCounts[pair & 15] += 1
          nibbleCounts[pair >> 4] += 1
        }
      }
    case .q8_0:
      for start in stride(from: 0, to: blocks.byteCount, by: Q8_0.bytesPerBlock) {
        let bits = blocks.unsafeLoadUnaligned(fromByteOffset: start, as: UInt16.self)
        note(scale: Float(float16Bits: UInt16(littleEndian: bits)))
      }
    default:
      let size = format.bytesPerBlock
      for start in stride(from: 0, to: blocks.byteCount, by: size) {
        for group in format.explain(blocks.extracting(start..<start + size)).groups {
          note(scale: group.scale)
        }
      }
    }
  }

  private mutating func note(scale: Float) {
    if scale == 0 || !scale.isFinite {
      zeroScaleCount += 1
    } else {
      scaleCounts[Int(scale.exponent), default: 0] += 1
    }
  }
}

extension GGUFFile {
  /// Decodes a part of a tensor, some whole blocks at a time.
  ///
  /// - Parameter body: receives the place of the first weight, the weights, and the blocks that they come
  ///   from.
  /// - Throws: `CancellationError`, and what `body` throws.
  package func forEachPiece(
    of part: GGUFTensor, _ format: BlockFormat, _ body: (Int, [Float], RawSpan) throws -> Void
  ) throws {
    let (weightsPerBlock, bytesPerBlock) = (format.weightsPerBlock, format.bytesPerBlock)
    let blocksPerPiece = max(1, (1 << 16) / weightsPerBlock)
    try withBytes(of: part) { bytes in
      for start in stride(from: 0, to: bytes.byteCount, by: blocksPerPiece * bytesPerBlock) {
        try Task.checkCancellation()
        let piece = bytes.extracting(start..<min(start + blocksPerPiece * bytesPerBlock, bytes.byteCount))
        let count = piece.byteCount / bytesPerBlock * weightsPerBlock
        var weights = [Float](repeating: 0, count: count)
        format.decode(piece, into: weights.mutableSpan)
        try body(start / bytesPerBlock * weightsPerBlock, weights, piece)
      }
    }
  }
}
