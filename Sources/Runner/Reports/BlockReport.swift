import Foundation
import GGUF
import GPTOSSBlockFormats
import GPTOSSPlatform

/// What `inspect --block` tells: a block of a tensor's part taken apart, and where it stands in the file.
package struct BlockReport {
  private let part: TensorPart
  private let block: Int
  private let explanation: BlockExplanation
  /// Where the block's first byte stands in its file.
  package let byteOffset: Int

  /// - Parameter block: the block's number in the part.
  /// - Throws: `RunnerError.noSuchBlock`.
  package init(_ block: Int, of part: TensorPart) throws {
    let size = part.format.bytesPerBlock
    let blockCount = part.part.byteCount / size
    guard block < blockCount else {
      throw RunnerError.noSuchBlock(block, tensor: part.tensor.name, blockCount: blockCount)
    }
    self.part = part
    self.block = block
    byteOffset = part.part.byteOffset + block * size
    explanation = part.file.withBytes(of: part.part) { bytes in
      part.format.explain(bytes.extracting(block * size..<(block + 1) * size))
    }
  }

  /// Lines for people.
  package var text: String {
    """
    \(part.name), block \(block): from byte \(byteOffset) of \(part.path.inert)
    The tensor begins at byte \(part.tensor.byteOffset).

    \(explanation)
    """
  }

  /// One line of JSON, keys sorted: what `BlockExplanation` encodes, with `offset`, `tensor_offset` and `part`.
  package func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

extension BlockReport: Encodable {
  private enum CodingKeys: String, CodingKey {
    case offset, part
    case tensorOffset = "tensor_offset"
  }

  package func encode(to encoder: any Encoder) throws {
    try explanation.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(byteOffset, forKey: .offset)
    try container.encode(part.tensor.byteOffset, forKey: .tensorOffset)
    try container.encode(part.tensor.part, forKey: .part)
  }
}
