/// A block format that this module also writes.
public protocol BlockEncoding: BlockDecoding {
  /// Encodes one block.
  ///
  /// - Parameters:
  ///   - weights: `[weightsPerBlock]` values.
  ///   - block: receives `[bytesPerBlock]` bytes as they stand in a file.
  /// - Throws: ``BlockFormatError/unencodable(weight:index:format:)``, which formats differ in: see there.
  static func encodeBlock(
    _ weights: Span<Float>, into block: consuming MutableRawSpan
  ) throws(BlockFormatError)
}

extension BlockEncoding {
  /// Encodes whole blocks, one after the other.
  ///
  /// - Parameters:
  ///   - weights: `[blockCount · weightsPerBlock]` values.
  ///   - blocks: receives `[blockCount · bytesPerBlock]` bytes as they stand in a file.
  /// - Throws: ``BlockFormatError/unencodable(weight:index:format:)`` at the first block that has such a
  ///   weight; the blocks before it are written.
  /// - Precondition: both are whole blocks, and equally many.
  /// - Complexity: O(weights), without allocation.
  @inlinable
  public static func encode(
    _ weights: Span<Float>, into blocks: consuming MutableRawSpan
  ) throws(BlockFormatError) {
    let blockCount = blockCount(bytes: blocks.byteCount, weights: weights.count)
    for block in 0..<blockCount {
      let byteOffset = block * bytesPerBlock
      let weightOffset = block * weightsPerBlock
      do {
        try encodeBlock(
          weights.extracting(weightOffset..<weightOffset + weightsPerBlock),
          into: blocks._mutatingExtracting(byteOffset..<byteOffset + bytesPerBlock))
      } catch .unencodable(let weight, let index, let format) {
        throw .unencodable(weight: weight, index: weightOffset + index, format: format)
      }
    }
  }

  /// The largest magnitude among a block's weights.
  ///
  /// - Throws: ``BlockFormatError/unencodable(weight:index:format:)`` for infinity, NaN, or a magnitude
  ///   past `limit`.
  @inlinable
  static func largestMagnitude(
    of weights: Span<Float>, limit: Float = .greatestFiniteMagnitude, format: BlockFormat
  ) throws(BlockFormatError) -> Float {
    var largest: Float = 0
    for index in weights.indices {
      let magnitude = weights[index].magnitude
      guard magnitude <= limit else {
        throw .unencodable(weight: weights[index], index: index, format: format)
      }
      largest = max(largest, magnitude)
    }
    return largest
  }
}
