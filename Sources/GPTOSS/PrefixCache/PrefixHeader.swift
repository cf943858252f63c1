package import GPTOSSModel

/// What a file of the cache folder says of itself: the tokens whose keys and values it has, and what they
/// follow.
///
/// A file holds the tokens between two points that a prompt may go on from, mostly a message. Files form a
/// tree: a message has many that may follow it, and what they share is stored once.
///
///     header      magic, version, parent, start, …     64 bytes, little-endian
///                 tokens                               4 bytes each: 2 × id, + 1 if read finely
///                 checksum of all before it            8 bytes
///     pieces      256 positions, or the rest:
///                   [full layers, positions, keyValueHeads, key then value]
///                   checksum                           8 bytes
///     rings       [sliding layers, positions, keyValueHeads, key then value]: what the token behind the last
///                 one sees
///                   checksum                           8 bytes
///
/// The last two have the machine's byte order, which is part of ``PrefixKey``. A checksum's seed is the
/// header's, plus the number of the piece: no piece counts in another place, or in another file.
package struct PrefixHeader: Sendable, Equatable {
  static let version: UInt32 = 1
  /// Positions of a piece: all that is copied, or held in memory, at a time. At 20b they have 6.5 MB.
  package static let positionsPerPiece = 256
  /// The most tokens of a file; a longer message is not kept.
  private static let mostTokens = 1 << 20
  private static let fixedByteCount = 64
  /// `GPTOSSKV`
  private static let magic: UInt64 = 0x564B_5353_4F54_5047

  /// The ``id`` of the file that these tokens follow; of the first ones the model's key.
  package let parent: UInt64
  /// The position of the first token.
  package let start: Int
  /// How many of the tokens belonged to a prompt; what follows them was generated.
  package let promptCount: Int
  /// At least one.
  package let tokens: [ReadToken]
  package let layout: KeyValueCache.StorageLayout
  /// Names the file: a hash of the key and of all tokens from the first one of the sequence on.
  package let id: UInt64

  package init(
    parent: UInt64, start: Int, promptCount: Int, tokens: [ReadToken], layout: KeyValueCache.StorageLayout
  ) {
    self.parent = parent
    self.start = start
    self.promptCount = promptCount
    self.tokens = tokens
    self.layout = layout
    id = XXHash64.hash(Self.bytes(of: tokens), seed: parent)
  }

  /// The position behind the last token.
  var end: Int { start + tokens.count }
  package var positions: Range<Int> { start..<end }

  /// The positions of each piece.
  package var pieces: [Range<Int>] {
    stride(from: start, to: end, by: Self.positionsPerPiece).map {
      $0..<min($0 + Self.positionsPerPiece, end)
    }
  }

  /// Bytes of a piece's copy of one layer.
  func byteCount(ofLayer positions: Range<Int>) -> Int { positions.count * layout.bytesPerPosition }

  var byteCount: Int { Self.byteCount(ofTokens: tokens.count) }

  /// Bytes of the whole file.
  package var fileByteCount: Int {
    let pieces = tokens.count * layout.fullLayerCount * layout.bytesPerPosition + self.pieces.count * 8
    return byteCount + pieces + ringByteCount
  }

  private var ringByteCount: Int {
    byteCount(ofLayer: layout.ringPositions(at: end)) * layout.slidingLayerCount + 8
  }

  /// Where a piece begins in the file; behind the last one, the rings.
  package func byteOffset(ofPiece number: Int) -> Int {
    let positions = min(number * Self.positionsPerPiece, tokens.count)
    return byteCount + positions * layout.fullLayerCount * layout.bytesPerPosition + number * 8
  }

  private static func byteCount(ofTokens count: Int) -> Int { fixedByteCount + count * 4 + 8 }
}

// MARK: - Bytes

extension PrefixHeader {
  /// The header as it stands in a file.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    func append(_ number: some FixedWidthInteger) {
      withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }
    append(Self.magic)
    append(Self.version)
    append(UInt32(tokens.count))
    append(parent)
    append(UInt64(start))
    append(UInt64(promptCount))
    for number in [layout.fullLayerCount, layout.slidingLayerCount, layout.bytesPerPosition, layout.window] {
      append(UInt32(number))
    }
    append(UInt64(0))
    bytes += Self.bytes(of: tokens)
    append(XXHash64.hash(bytes, seed: 0))
    return bytes
  }

  /// The header's checksum, of which those of the pieces are made.
  var seed: UInt64 { XXHash64.hash(bytes, seed: 0) }

  /// How long a header is whose first bytes are these; nil if they are none.
  ///
  /// - Parameter beginning: at least `beginningByteCount` bytes.
  static func byteCount(beginning: [UInt8]) -> Int? {
    guard beginning.count >= beginningByteCount else { return nil }
    let count = beginning.withUnsafeBytes { bytes -> UInt32? in
      guard bytes.number(at: 0, UInt64.self) == magic, bytes.number(at: 8, UInt32.self) == version else {
        return nil
      }
      return bytes.number(at: 12, UInt32.self)
    }
    guard let count, (1...UInt32(mostTokens)).contains(count) else { return nil }
    return byteCount(ofTokens: Int(count))
  }

  static let beginningByteCount = 16

  /// Reads a header.
  ///
  /// - Returns: nil for bytes that are none, or that say something impossible.
  package init?(bytes: [UInt8]) {
    guard bytes.count == Self.byteCount(beginning: bytes) else { return nil }
    let tokenBytes = bytes.dropFirst(Self.fixedByteCount).dropLast(8)
    let checked = bytes.dropLast(8)
    let header: PrefixHeader? = bytes.withUnsafeBytes { bytes in
      let checksum = XXHash64.hash(UnsafeRawBufferPointer(rebasing: bytes[..<checked.count]), seed: 0)
      guard bytes.number(at: checked.count, UInt64.self) == checksum else { return nil }
      let (start, promptCount) = (bytes.number(at: 24, UInt64.self), bytes.number(at: 32, UInt64.self))
      let tokens = stride(from: 0, to: tokenBytes.count, by: 4).map { offset in
        let number = bytes.number(at: Self.fixedByteCount + offset, UInt32.self)
        return ReadToken(id: Int(number >> 1), isFine: number & 1 == 1)
      }
      guard start <= UInt32.max, promptCount <= tokens.count else { return nil }
      let sizes = (0..<4).map { Int(bytes.number(at: 40 + 4 * $0, UInt32.self)) }
      return PrefixHeader(
        parent: bytes.number(at: 16, UInt64.self), start: Int(start), promptCount: Int(promptCount),
        tokens: tokens,
        layout: KeyValueCache.StorageLayout(
          fullLayerCount: sizes[0], slidingLayerCount: sizes[1], bytesPerPosition: sizes[2], window: sizes[3])
      )
    }
    guard let header else { return nil }
    self = header
  }

  /// Whether a sequence of so many tokens may be kept in one file.
  static func allows(tokenCount: Int) -> Bool { (1...mostTokens).contains(tokenCount) }

  private static func bytes(of tokens: [ReadToken]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(tokens.count * 4)
    for token in tokens {
      let number = UInt32(token.id) << 1 | (token.isFine ? 1 : 0)
      withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }
    return bytes
  }
}

extension UnsafeRawBufferPointer {
  /// A little-endian number.
  fileprivate func number<Number: FixedWidthInteger & BitwiseCopyable>(
    at byteOffset: Int, _: Number.Type
  ) -> Number {
    Number(littleEndian: loadUnaligned(fromByteOffset: byteOffset, as: Number.self))
  }
}
