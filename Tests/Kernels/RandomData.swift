import GPTOSSBlockFormats
import GPTOSSKernels

/// SplitMix64 (Steele, Lea and Flood 2014): the tests' own numbers, the same on every run.
struct RandomData {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func int(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  /// Uniform in −1 ..< 1.
  mutating func float() -> Float { Float(Int64(bitPattern: next()) >> 40) / 0x1p23 }

  mutating func floats(_ count: Int, scale: Float = 1) -> [Float] { (0..<count).map { _ in float() * scale } }

  mutating func activations(rows: Int, columns: Int, scale: Float = 1) -> Activations {
    let activations = Activations(capacity: rows, columns: columns)
    for row in 0..<rows {
      activations.withMutableRow(row) { for i in $0.indices { $0[i] = float() * scale } }
    }
    return activations
  }

  /// Random blocks of a format whose decoded weights are finite and of ordinary size.
  ///
  /// - Parameter scale: the bytes of each block from its first float16 scale on, in place of random ones.
  mutating func matrix(
    _ format: BlockFormat, rows: Int, columns: Int, scale: [UInt8]? = nil
  ) -> TestMatrix {
    let blocks = rows * columns / format.weightsPerBlock
    var bytes = (0..<(blocks * format.bytesPerBlock)).map { _ in UInt8(truncatingIfNeeded: next()) }
    for block in 0..<blocks {
      let start = block * format.bytesPerBlock
      if let scale {
        let first = start + (format == .mxfp4 ? 0 : format.float16Offsets[0])
        bytes.replaceSubrange(first..<(first + scale.count), with: scale)
        continue
      }
      switch format {
      case .mxfp4: bytes[start] = UInt8(int(120...129))
      case .f32:
        let bits = float().bitPattern
        for i in 0..<4 { bytes[start + i] = UInt8(truncatingIfNeeded: bits >> (8 * UInt32(i))) }
      case .f16: bytes[start + 1] = bytes[start + 1] & 0x83 | 0x38
      case .bf16: bytes[start + 1] = bytes[start + 1] & 0x80 | 0x3F
      default:
        for offset in format.float16Offsets {
          bytes[start + offset + 1] = bytes[start + offset + 1] & 0x83 | 0x20
        }
      }
    }
    return TestMatrix(format: format, rows: rows, columns: columns, bytes: bytes)
  }
}

/// A matrix that owns its bytes, at an address that is no multiple of anything.
final class TestMatrix {
  let matrix: WeightMatrix
  private let memory: UnsafeMutableRawPointer

  init(format: BlockFormat, rows: Int, columns: Int, bytes: [UInt8]) {
    memory = .allocate(byteCount: bytes.count + 64, alignment: 64)
    let start = memory + 1
    bytes.withUnsafeBytes {
      start.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(start), byteCount: $0.count)
    }
    matrix = WeightMatrix(
      format: format, rows: rows, columns: columns,
      bytes: UnsafeRawBufferPointer(start: start, count: bytes.count))
  }

  deinit {
    memory.deallocate()
    for memory in repacked { memory.deallocate() }
  }

  private var repacked: [UnsafeMutableRawBufferPointer] = []

  /// The matrix in another layout.
  func matrix(in layout: WeightLayout) -> WeightMatrix {
    guard layout != matrix.layout else { return matrix }
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: matrix.byteCount(in: layout), alignment: 64)
    repacked.append(memory)
    if let start = memory.baseAddress {
      KernelSet.reference.products.repack(matrix, rows: 0..<matrix.rows, as: layout, output: start)
    }
    return matrix.view(layout, bytes: UnsafeRawBufferPointer(memory))
  }
}

extension BlockFormat {
  /// Where a block holds float16 scales.
  fileprivate var float16Offsets: [Int] {
    switch self {
    case .q4_1, .q5_1, .q4_K, .q5_K: [0, 2]
    case .q2_K: [80, 82]
    case .q3_K: [108]
    case .q6_K: [208]
    default: [0]
    }
  }
}

extension Activations {
  /// The rows of a matrix, one after the other.
  convenience init(_ values: [Float], columns: Int) {
    self.init(capacity: values.count / columns, columns: columns)
    for row in 0..<rows {
      withMutableRow(row) { for i in 0..<columns { $0[i] = values[row * columns + i] } }
    }
  }

  /// All rows in use, one after the other.
  var values: [Float] { (0..<rows).flatMap { withRow($0) { Array($0) } } }
}

extension Activations {
  /// One row.
  func row(_ row: Int) -> [Float] { withRow(row) { Array($0) } }
}

/// Where two results first differ in a bit, said for people; nil if they are the same. (`#expect(a == b)` on
/// large arrays that differ takes minutes to print how.)
func firstDifference(_ a: [Float], _ b: [Float], columns: Int) -> String? {
  guard a.count == b.count else { return "\(a.count) values, not \(b.count)" }
  guard let i = a.indices.first(where: { a[$0].bitPattern != b[$0].bitPattern }) else { return nil }
  return "row \(i / columns), column \(i % columns): \(a[i]) and \(b[i])"
}
