/// A tensor of a GGUF file: what it is called, its shape and type, and where its bytes stand.
///
/// A row or an expert of a tensor is a tensor, too: see ``GGUFFile/slice(of:expert:row:)``.
public struct GGUFTensor: Hashable, Sendable {
  /// The name, such as `blk.0.attn_q.weight`.
  public let name: String

  /// The shape in ggml's order, the length of a row first; empty for a single number.
  public let dimensions: [Int]

  /// How the weights are stored.
  public let type: GGUFTensorType

  /// The size of the data.
  public let byteCount: Int

  /// The position of the data in its file.
  ///
  /// A multiple of the file's alignment, which may be as little as 1: loads must not assume more.
  public let byteOffset: Int

  /// The part of a split file that holds the data, counted from 0.
  public let part: Int

  /// The number of rows: what all dimensions but the first come to, 1 for a vector or a number.
  public var rowCount: Int { dimensions.dropFirst().reduce(1, *) }

  /// The number of weights.
  public var weightCount: Int { dimensions.reduce(1, *) }

  var byteRange: Range<Int> { byteOffset..<byteOffset + byteCount }
}
