import GPTOSSBlockFormats
import GPTOSSKernels

// Matrices whose weights are integers, and what they decode to.

extension RandomData {
  /// Rows of one block whose weights are integers: MXFP4's doubled values, the others' as they are.
  mutating func unscaledMatrix(_ format: BlockFormat, rows: Int) -> TestMatrix {
    matrix(format, rows: rows, columns: 32, scale: format.scaleOfOne)
  }
}

extension BlockFormat {
  /// The columns of as few whole blocks as have at least so many.
  func wholeBlocks(_ columns: Int) -> Int {
    (columns + weightsPerBlock - 1) / weightsPerBlock * weightsPerBlock
  }

  /// The bytes of a scale with which weights are integers: E8M0 halved, 2^(128 − 128); float16.
  /// Q5_1's minimum, which follows, is zero.
  var scaleOfOne: [UInt8] {
    switch self {
    case .mxfp4: [128]
    case .q5_1: [0x00, 0x3C, 0x00, 0x00]
    default: [0x00, 0x3C]
    }
  }

  /// The lowest and the highest of those integers.
  var integerRange: (low: Int, high: Int) {
    switch self {
    case .mxfp4: (-12, 12)
    case .q5_0: (-16, 15)
    case .q5_1: (0, 31)
    default: (-128, 127)
    }
  }

  /// The bytes of a block with these 32 integers for weights.
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
    default:
      return scaleOfOne + weights.map { UInt8(truncatingIfNeeded: $0) }
    }
  }
}

extension TestMatrix {
  /// Rows of 32 weights that are the integers themselves.
  convenience init(_ format: BlockFormat, integers rows: [[Int]]) {
    self.init(
      format: format, rows: rows.count, columns: 32, bytes: rows.flatMap { format.block($0) })
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
