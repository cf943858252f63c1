/// No token: what a lookup that finds nothing answers.
let noToken = UInt32.max

/// The bytes of all tokens, end to end in order of id.
struct TokenBytes: Sendable {
  let bytes: Table<UInt8>
  /// `[count + 1]`: token *i* has the bytes from `starts[i]` up to `starts[i + 1]`.
  let starts: Table<UInt32>

  var count: Int { starts.count - 1 }

  subscript(token: Int) -> UnsafeBufferPointer<UInt8> {
    let start = Int(starts[token])
    return UnsafeBufferPointer(start: bytes.base + start, count: Int(starts[token + 1]) - start)
  }
}

/// From a token's bytes to its id: a hash table with open addressing.
///
/// A slot is 16 bytes. A token of up to 8 bytes, as nearly all in a text are, has its bytes in the slot
/// and is compared there; a longer one has its hash there, and its bytes are compared where they lie.
struct TokenTable: Sendable {
  struct Slot: BitwiseCopyable, Sendable {
    var key: UInt64
    var token: UInt32
    /// Zero marks a free slot.
    var length: UInt32
  }

  /// How many slots behind its own a token may stand. In the table of o200k_base none is further off than 15.
  static let probeLimit = 256

  let tokens: TokenBytes
  private let slots: Table<Slot>

  /// An empty table with room for every token.
  init(tokens: TokenBytes) {
    self.tokens = tokens
    var capacity = 16
    while capacity < 2 * tokens.count { capacity *= 2 }
    slots = Table(repeating: Slot(key: 0, token: noToken, length: 0), count: capacity)
  }

  /// Adds a token that is not empty.
  ///
  /// - Returns: the token that has the same bytes and was there before, or `noToken` if it was added.
  /// - Throws: `TokenizerError.crowdedVocabulary`.
  func insert(_ token: UInt32) throws(TokenizerError) -> UInt32 {
    guard let piece = Piece(tokens[Int(token)]) else { return token }
    let pointers = Pointers(self)
    let slot = pointers.slot(piece)
    guard slots.base[slot].length == 0 else { return slots.base[slot].token }
    guard pointers.distance(of: piece, to: slot) <= Self.probeLimit else { throw .crowdedVocabulary }
    slots.base[slot] = Slot(key: piece.key, token: token, length: UInt32(piece.length))
    return noToken
  }

  /// The token with exactly these bytes, or `noToken`.
  func find(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    guard let piece = Piece(bytes) else { return noToken }
    return Pointers(self).find(piece)
  }

  /// The table as the inner loops read it, while somebody keeps the table alive.
  struct Pointers {
    private let slots: UnsafePointer<Slot>
    private let mask: Int
    private let bytes: UnsafePointer<UInt8>
    private let starts: UnsafePointer<UInt32>

    init(_ table: TokenTable) {
      slots = UnsafePointer(table.slots.base)
      mask = table.slots.count - 1
      bytes = UnsafePointer(table.tokens.bytes.base)
      starts = UnsafePointer(table.tokens.starts.base)
    }

    /// Whether this is a token and has exactly these bytes.
    @inline(__always)
    func has(_ piece: Piece, at token: UInt32) -> Bool {
      guard token != noToken, case let start = Int(starts[Int(token)]),
        Int(starts[Int(token) &+ 1]) &- start == piece.length
      else { return false }
      for index in 0..<piece.length where bytes[start &+ index] != piece.bytes[index] { return false }
      return true
    }

    /// The slot that holds the piece, or the free one where it would go.
    @inline(__always)
    func slot(_ piece: Piece) -> Int {
      var index = Int(truncatingIfNeeded: piece.hash) & mask
      while true {
        let slot = slots[index]
        if slot.key == piece.key, slot.length == UInt32(truncatingIfNeeded: piece.length),
          piece.length <= 8 || piece.equals(bytes + Int(starts[Int(slot.token)]))
        {
          return index
        }
        if slot.length == 0 { return index }
        index = (index &+ 1) & mask
      }
    }

    /// How many slots are between a piece's own slot and another.
    func distance(of piece: Piece, to slot: Int) -> Int {
      (slot &- Int(truncatingIfNeeded: piece.hash)) & mask
    }

    /// The token with exactly these bytes, or `noToken`.
    @inline(__always)
    func find(_ piece: Piece) -> UInt32 { slots[slot(piece)].token }
  }
}
