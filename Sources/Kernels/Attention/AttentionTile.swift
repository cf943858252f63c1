/// The attention of consecutive tokens over one key-value head: their query heads of that group all read the
/// same keys and values.
@usableFromInline
package struct AttentionTile {
  /// `[tokens, groupSize, headDimension]`, tokens `queryStride` floats apart.
  @usableFromInline package let queries: UnsafePointer<Float>
  /// `[tokens, groupSize, headDimension]`, tokens `outputStride` floats apart.
  @usableFromInline package let output: UnsafeMutablePointer<Float>
  @usableFromInline package let queryStride: Int
  @usableFromInline package let outputStride: Int
  @usableFromInline package let tokenCount: Int
  @usableFromInline package let groupSize: Int
  /// `[groupSize]`: a learned logit per head that takes part in the softmax and has no value.
  @usableFromInline package let sinks: UnsafePointer<Float>
  /// 1/√headDimension.
  @usableFromInline package let scale: Float
  @usableFromInline package let cache: KeyValueView
  @usableFromInline package let keyValueHead: Int
  /// The position of the first token.
  @usableFromInline package let firstPosition: Int
  /// How many positions a token sees, its own included; nil for all.
  @usableFromInline package let window: Int?

  package var headDimension: Int { cache.headDimension }

  /// The positions that a token of the tile sees, its own the last.
  @inlinable @inline(__always)
  package func visible(_ token: Int) -> Range<Int> {
    let position = firstPosition + token
    return max(0, position + 1 - (window ?? position + 1))..<(position + 1)
  }

  /// The positions that any of the tokens sees.
  @inlinable @inline(__always)
  package var visible: Range<Int> {
    visible(0).lowerBound..<(firstPosition + tokenCount)
  }

  /// How an instruction set lays out the tile's memory.
  @inlinable @inline(__always)
  package func layout<I: VectorInstructions>(_: I.Type) -> AttentionLayout {
    AttentionLayout(I.self, groupSize: groupSize, headDimension: cache.headDimension)
  }
}
