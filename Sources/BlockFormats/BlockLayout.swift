/// The sizes of a storage format's blocks.
@frozen
public struct BlockLayout: Equatable, Sendable {
  /// How many weights share a block.
  public let weightsPerBlock: Int

  /// How many bytes a block takes.
  public let bytesPerBlock: Int

  /// The format's number in ggml's list of tensor types, as it stands in GGUF files.
  public let ggmlTypeID: UInt32

  @inlinable
  init(weightsPerBlock: Int, bytesPerBlock: Int, ggmlTypeID: UInt32) {
    self.weightsPerBlock = weightsPerBlock
    self.bytesPerBlock = bytesPerBlock
    self.ggmlTypeID = ggmlTypeID
  }
}
