/// No token: what a lookup that finds nothing answers.
let noToken = UInt32.max

/// The bytes of all tokens, end to end in order of id.
struct TokenBytes: Sendable {
  let bytes: Table<UInt8>
  /// `[count + 1]`: token *i* has the bytes from `starts[i]` up to `starts[i + 1]`.
  let starts: Table<UInt32>

  var count: Int { starts.count - 1 }

  func range(of token: Int) -> Range<Int> { Int(starts[token])..<Int(starts[token + 1]) }

  func pointer(to token: Int) -> UnsafeBufferPointer<UInt8> {
    let range = range(of: token)
    return UnsafeBufferPointer(start: bytes.base + range.lowerBound, count: range.count)
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

  let tokens: TokenBytes
  let slots: Table<Slot>

  /// An empty table with room for every token.
  init(tokens: TokenBytes) {
    self.tokens = tokens
    var capacity = 16
    while capacity < 2 * tokens.count { capacity *= 2 }
    slots = Table(repeating: Slot(key: 0, token: 0, length: 0), count: capacity)
  }

  /// Adds a token that is not empty.
  ///
  /// - Returns: the token that has the same bytes and was there before, or `noToken` if it was added.
  func insert(_ token: UInt32) -> UInt32 {
    let bytes = tokens.pointer(to: Int(token))
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return token }
    let pointers = Pointers(self)
    let key = Pointers.key(base, bytes.count)
    let slot = pointers.slot(base, bytes.count, key)
    guard slots.base[slot].length == 0 else { return slots.base[slot].token }
    slots.base[slot] = Slot(key: key, token: token, length: UInt32(bytes.count))
    return noToken
  }

  /// The token with exactly these bytes, or `noToken`.
  func find(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return noToken }
    return Pointers(self).find(base, bytes.count)
  }

  /// The table as the inner loops read it, while somebody keeps the table alive.
  struct Pointers {
    let slots: UnsafePointer<Slot>
    let mask: Int
    let bytes: UnsafePointer<UInt8>
    let starts: UnsafePointer<UInt32>

    init(_ table: TokenTable) {
      slots = UnsafePointer(table.slots.base)
      mask = table.slots.count - 1
      bytes = UnsafePointer(table.tokens.bytes.base)
      starts = UnsafePointer(table.tokens.starts.base)
    }

    /// The bytes themselves up to 8 of them, else their hash.
    @inline(__always)
    static func key(_ piece: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
      length <= 8 ? piece.loadPrefix(length) : hash(piece, length)
    }

    /// A hash of more than 8 bytes.
    static func hash(_ piece: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
      var hash = UInt64(truncatingIfNeeded: length) &* 0x9E37_79B9_7F4A_7C15
      var offset = 0
      while offset < length - 8 {
        hash = foldedMultiply(hash ^ piece.load(offset, as: UInt64.self), 0xA076_1D64_78BD_642F)
        offset += 8
      }
      return foldedMultiply(hash ^ piece.load(length - 8, as: UInt64.self), 0xE703_7ED1_A0B4_28DB)
    }

    /// The slot that holds the piece, or the free one where it would go.
    @inline(__always)
    func slot(_ piece: UnsafePointer<UInt8>, _ length: Int, _ key: UInt64) -> Int {
      let mixed = foldedMultiply(key ^ UInt64(truncatingIfNeeded: length), 0x9E37_79B9_7F4A_7C15)
      var index = Int(truncatingIfNeeded: mixed) & mask
      while true {
        let slot = slots[index]
        if slot.length == 0 { return index }
        if slot.key == key, slot.length == UInt32(truncatingIfNeeded: length) {
          if length <= 8 || equal(piece, bytes + Int(starts[Int(slot.token)]), length) { return index }
        }
        index = (index + 1) & mask
      }
    }

    @inline(__always)
    func find(_ piece: UnsafePointer<UInt8>, _ length: Int, _ key: UInt64) -> UInt32 {
      let slot = slots[slot(piece, length, key)]
      return slot.length == 0 ? noToken : slot.token
    }

    @inline(__always)
    func find(_ piece: UnsafePointer<UInt8>, _ length: Int) -> UInt32 {
      find(piece, length, Self.key(piece, length))
    }
  }
}

/// Whether two runs of more than 8 bytes are the same.
@inline(__always)
func equal(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ length: Int) -> Bool {
  var offset = 0
  while offset < length - 8 {
    if a.load(offset, as: UInt64.self) != b.load(offset, as: UInt64.self) { return false }
    offset += 8
  }
  return a.load(length - 8, as: UInt64.self) == b.load(length - 8, as: UInt64.self)
}
