/// One block taken apart: its fields, the groups of weights that share a scale, and the weights.
///
/// It reads a block one weight at a time, apart from the decoders; a test holds the two against each
/// other. Printing it draws the block for people; it encodes to the same for programs.
public struct BlockExplanation: Sendable {
  /// A piece of the block and what it stands for.
  public struct Field: Sendable {
    /// The piece's name in the drawing of its format: `d`, `scales`, `q`.
    public let name: String

    /// The bytes of the block that it takes.
    public let byteRange: Range<Int>

    /// What it stands for.
    public let meaning: String
  }

  /// Consecutive weights that share a scale: each is `scale · level + offset`.
  ///
  /// The one exception is MXFP4 with the scale byte 255, where the scale is past the largest float: it
  /// is given as infinity, and weights of level 0 are still 0.
  public struct Group: Sendable {
    /// What a level is multiplied with.
    public let scale: Float

    /// What is added to the product; zero in formats without minimums.
    public let offset: Float

    /// What is stored for each weight, as an unsigned integer.
    public let stored: [Int]

    /// The number that each stored integer stands for.
    public let levels: [Float]
  }

  /// The block's format.
  public let format: BlockFormat

  /// The block as it stands in the file.
  public let bytes: [UInt8]

  /// The block's pieces in the order of their bytes.
  public let fields: [Field]

  /// The groups in the order of their weights.
  public let groups: [Group]

  /// What the block decodes to.
  public let weights: [Float]
}

extension BlockFormat {
  /// Takes one block apart.
  ///
  /// - Parameter block: `[bytesPerBlock]` bytes as they stand in the file.
  /// - Returns: the block's fields, groups and weights.
  /// - Precondition: `block.byteCount == bytesPerBlock`.
  public func explain(_ block: RawSpan) -> BlockExplanation {
    precondition(block.byteCount == bytesPerBlock)
    let bytes = block.byteOffsets.map { block.byte(at: $0) }
    var weights = [Float](repeating: 0, count: weightsPerBlock)
    decode(block, into: weights.mutableSpan)

    let anatomy = anatomy(of: bytes)
    var fields: [BlockExplanation.Field] = []
    for field in anatomy.fields {
      let start = fields.last?.byteRange.upperBound ?? 0
      fields.append(
        .init(name: field.name, byteRange: start..<start + field.byteCount, meaning: field.meaning))
    }
    let groups = (0..<weightsPerBlock / anatomy.weightsPerGroup).map { group in
      let first = group * anatomy.weightsPerGroup
      let stored = (first..<first + anatomy.weightsPerGroup).map(anatomy.stored)
      return BlockExplanation.Group(
        scale: anatomy.scale(group), offset: anatomy.offset(group), stored: stored,
        levels: stored.map(anatomy.level))
    }
    return BlockExplanation(format: self, bytes: bytes, fields: fields, groups: groups, weights: weights)
  }
}
