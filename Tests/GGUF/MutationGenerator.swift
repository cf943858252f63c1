/// Makes broken variants of a file.
///
/// Bits flipped, bytes cut out and inserted, the file truncated, numbers replaced by extremes and by each
/// other. The same seed gives the same files.
struct MutationGenerator {
  /// A broken file, and what was done to it.
  struct Mutation {
    let description: String
    let bytes: [UInt8]
  }

  private let original: FileBuilder
  private var random: SplitMix64

  init(of original: FileBuilder, seed: UInt64) {
    self.original = original
    random = SplitMix64(state: seed)
  }

  /// Numbers at which sums, products and conversions go wrong.
  private static let extremes: [UInt64] = [
    0, 1, 2, 3, 4, 5, 7, 13, 31, 33, 63, 127, 128, 255, 256, 1 << 15, 1 << 16, (1 << 31) - 1, 1 << 31,
    (1 << 32) - 1, 1 << 32, (1 << 42) + 1, 1 << 60, (1 << 61) + 1, (1 << 62) + 1, (1 << 63) - 1, 1 << 63,
    .max - 31, .max - 7, .max - 1, .max,
  ]

  mutating func next() -> Mutation {
    var bytes = original.bytes
    let position = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<10, using: &random) {
    case 0:
      bytes.removeSubrange(position...)
      return Mutation(description: "cut at \(position)", bytes: bytes)
    case 1:
      let end = min(bytes.count, position + Int.random(in: 1...64, using: &random))
      bytes.removeSubrange(position..<end)
      return Mutation(description: "without bytes \(position)..<\(end)", bytes: bytes)
    case 2:
      let inserted = (0..<Int.random(in: 1...64, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      bytes.insert(contentsOf: inserted, at: position)
      return Mutation(description: "with \(inserted.count) more bytes at \(position)", bytes: bytes)
    case 3, 4:
      var flips: [Int] = []
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let position = Int.random(in: 0..<bytes.count, using: &random)
        bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        flips.append(position)
      }
      return Mutation(description: "bits flipped in bytes \(flips)", bytes: bytes)
    default:
      let changes = (0..<Int.random(in: 1...2, using: &random)).map { _ in change(&bytes) }
      return Mutation(description: changes.joined(separator: ", "), bytes: bytes)
    }
  }

  /// Replaces a number by an extreme, a neighbor of itself or another number of the file.
  private mutating func change(_ bytes: inout [UInt8]) -> String {
    guard let field = original.fields.randomElement(using: &random),
      let other = original.fields.randomElement(using: &random)
    else { return "nothing" }
    func value(_ range: Range<Int>) -> UInt64 {
      range.reversed().reduce(0) { $0 << 8 | UInt64(original.bytes[$1]) }
    }
    let new: UInt64
    switch Int.random(in: 0..<4, using: &random) {
    case 0: new = value(field.range) &+ 1
    case 1: new = value(field.range) &- 1
    case 2: new = value(other.range)
    default: new = Self.extremes.randomElement(using: &random) ?? 0
    }
    for (index, position) in field.range.enumerated() {
      bytes[position] = UInt8(truncatingIfNeeded: new >> (8 * index))
    }
    return "\(field.label) = \(new)"
  }
}

/// Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
