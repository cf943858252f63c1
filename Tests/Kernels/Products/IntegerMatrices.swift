import GPTOSSBlockFormats
import GPTOSSKernels

// Matrices whose weights are integers, and what they decode to.

extension RandomData {
  /// Rows of one block of which 32 weights are integers: MXFP4's doubled values, the others' as they are.
  mutating func unscaledMatrix(_ format: BlockFormat, rows: Int) -> TestMatrix {
    let values = format == .mxfp4 ? MXFP4.doubledValues.map { Int($0) } : nil
    let (low, high) = format.integerRange
    return TestMatrix(
      format,
      integers: (0..<rows).map { _ in
        (0..<32).map { _ in values?[int(0...15)] ?? int(low...high) }
      })
  }
}

extension BlockFormat {
  /// The columns of as few whole blocks as have at least so many.
  func wholeBlocks(_ columns: Int) -> Int {
    (columns + weightsPerBlock - 1) / weightsPerBlock * weightsPerBlock
  }

  /// The bytes of a scale with which weights are integers: E8M0 halved, 2^(128 − 128); float16.
  /// Q5_1's minimum, which follows, is zero. Q6_K has sixteen scales of its own, which are one, before its
  /// *d*.
  var scaleOfOne: [UInt8] {
    switch self {
    case .mxfp4: [128]
    case .q5_1: [0x00, 0x3C, 0x00, 0x00]
    case .q6_K: [UInt8](repeating: 1, count: 16) + [0x00, 0x3C]
    default: [0x00, 0x3C]
    }
  }

  /// The lowest and the highest of those integers.
  var integerRange: (low: Int, high: Int) {
    switch self {
    case .mxfp4: (-12, 12)
    case .q5_0: (-16, 15)
    case .q5_1: (0, 31)
    case .q6_K: (-32, 31)
    default: (-128, 127)
    }
  }

  /// The bytes of a block with these integers for weights.
  func block(_ weights: [Int]) -> [UInt8] {
    func nibbles(_ codes: [Int]) -> [UInt8] {
      (0..<16).map { UInt8(codes[$0] & 15 | (codes[$0 + 16] & 15) << 4) }
    }
    switch self {
    case .mxfp4:
      return scaleOfOne
        + nibbles(weights.map { weight in MXFP4.doubledValues.firstIndex { Int($0) == weight } ?? 0 })
    case .q5_0, .q5_1:
      let codes = weights.map { $0 - integerRange.low }
      var highBits: [UInt8] = [0, 0, 0, 0]
      for (column, code) in codes.enumerated() where code > 15 { highBits[column / 8] |= 1 << (column % 8) }
      return scaleOfOne + highBits + nibbles(codes)
    case .q6_K:
      let codes = weights.map { $0 - integerRange.low }
      var (lows, highs) = ([UInt8](repeating: 0, count: 128), [UInt8](repeating: 0, count: 64))
      for (column, code) in codes.enumerated() {
        let (half, place) = (column / 128, column % 128)
        lows[half * 64 + place % 64] |= UInt8(code & 15) << (place / 64 * 4)
        highs[half * 32 + place % 32] |= UInt8(code >> 4) << (place / 32 * 2)
      }
      return lows + highs + scaleOfOne
    default:
      return scaleOfOne + weights.map { UInt8(truncatingIfNeeded: $0) }
    }
  }
}

extension TestMatrix {
  /// Rows of one block that has these 32 weights, the integers themselves. In a block of 256 they stand in
  /// one group of 32, in each row in another one; the other weights are zero.
  convenience init(_ format: BlockFormat, integers rows: [[Int]]) {
    let groups = format.weightsPerBlock / 32
    let blocks = rows.enumerated().flatMap { row, weights in
      format.block((0..<groups).flatMap { $0 == row % groups ? weights : [Int](repeating: 0, count: 32) })
    }
    self.init(format: format, rows: rows.count, columns: format.weightsPerBlock, bytes: blocks)
  }

  /// Rows of the lowest weights, the highest, and both by turns.
  static func extremes(_ format: BlockFormat) -> TestMatrix {
    let (low, high) = format.integerRange
    return TestMatrix(
      format,
      integers: [[low, low], [high, high], [low, high]].map { pair in (0..<32).map { pair[$0 % 2] } })
  }

  /// The rows, decoded by the reference.
  var decoded: [[Float]] {
    let decoded = Activations(capacity: matrix.rows, columns: matrix.columns)
    Launcher(kernels: .reference, threadCount: 1)
      .lookUp(Array(0..<matrix.rows), in: matrix, output: decoded.all)
    return (0..<matrix.rows).map { decoded.row($0) }
  }

  /// `Σ |weight · input|` for every token and row: what errors are proportional to.
  func magnitudes(_ input: Activations) -> [Float] {
    let weights = decoded
    return (0..<input.rows).flatMap { token in
      let activations = input.row(token)
      return weights.map { zip($0, activations).reduce(Float(0)) { $0 + abs($1.0 * $1.1) } }
    }
  }
}
