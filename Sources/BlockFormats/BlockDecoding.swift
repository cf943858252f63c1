/// A storage format whose weights come in blocks of fixed size, and how to read one.
///
/// The loops behind this protocol are plain on purpose: they are the reference that every kernel is
/// tested against. They give the bits that ggml's Python package gives (`gguf.quants.dequantize`), so
/// they multiply and add in its order.
///
/// Any bytes are a block of any format: decoding cannot fail. What does not come from an encoder may
/// decode to infinities and NaN, whose sign and payload are the processor's where arithmetic made them.
public protocol BlockDecoding {
  /// The sizes of a block.
  static var layout: BlockLayout { get }

  /// Decodes one block.
  ///
  /// - Parameters:
  ///   - block: `[bytesPerBlock]` bytes as they stand in the file.
  ///   - weights: receives `[weightsPerBlock]` values in order.
  static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>)

  /// Decodes whole blocks, one after the other.
  ///
  /// - Parameters:
  ///   - blocks: `[blockCount · bytesPerBlock]` bytes as they stand in the file.
  ///   - weights: receives `[blockCount · weightsPerBlock]` values in order.
  /// - Precondition: both are whole blocks, and equally many.
  /// - Complexity: O(weights), without allocation.
  static func decode(_ blocks: RawSpan, into weights: consuming MutableSpan<Float>)
}

extension BlockDecoding {
  /// How many weights share a block.
  @inlinable
  public static var weightsPerBlock: Int { layout.weightsPerBlock }

  /// How many bytes a block takes.
  @inlinable
  public static var bytesPerBlock: Int { layout.bytesPerBlock }

  /// Decodes whole blocks, one after the other: the loop over ``decodeBlock(_:into:)``, which every format
  /// inlines into it.
  @inlinable
  public static func decode(_ blocks: RawSpan, into weights: consuming MutableSpan<Float>) {
    let (weightsPerBlock, bytesPerBlock) = (weightsPerBlock, bytesPerBlock)
    for block in 0..<blockCount(bytes: blocks.byteCount, weights: weights.count) {
      let byteOffset = block * bytesPerBlock
      let weightOffset = block * weightsPerBlock
      decodeBlock(
        blocks.extracting(byteOffset..<byteOffset + bytesPerBlock),
        into: weights._mutatingExtracting(weightOffset..<weightOffset + weightsPerBlock))
    }
  }

  /// How many blocks so many bytes and so many weights are.
  ///
  /// - Precondition: both are whole blocks, and equally many.
  @inlinable
  static func blockCount(bytes byteCount: Int, weights weightCount: Int) -> Int {
    precondition(byteCount % bytesPerBlock == 0 && weightCount % weightsPerBlock == 0)
    precondition(byteCount / bytesPerBlock == weightCount / weightsPerBlock)
    return byteCount / bytesPerBlock
  }
}
