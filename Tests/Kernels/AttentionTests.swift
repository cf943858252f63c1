import GPTOSSKernels
import Testing

/// Attention of the portable kernels against the reference.
struct AttentionTests {
  struct Shape: CustomTestStringConvertible {
    var queryHeads: Int
    var keyValueHeads: Int
    var headDimension: Int
    var window: Int?
    var positions: Int
    var testDescription: String {
      "\(queryHeads)/\(keyValueHeads) heads of \(headDimension), window \(window ?? 0), \(positions) positions"
    }
  }

  static let shapes = [
    Shape(queryHeads: 8, keyValueHeads: 1, headDimension: 64, window: nil, positions: 1),
    Shape(queryHeads: 4, keyValueHeads: 2, headDimension: 32, window: 8, positions: 70),
    Shape(queryHeads: 4, keyValueHeads: 4, headDimension: 64, window: nil, positions: 200),
    Shape(queryHeads: 16, keyValueHeads: 2, headDimension: 64, window: 128, positions: 300),
    Shape(queryHeads: 3, keyValueHeads: 1, headDimension: 10, window: 5, positions: 65),
  ]

  @Test(arguments: shapes, CacheElement.allCases)
  func equalsReference(shape: Shape, element: CacheElement) {
    let data = Data(shape, seed: 1)
    let expected = data.attend(.reference, element, chunk: shape.positions)
    let actual = data.attend(.portable, element, chunk: shape.positions)
    let width = shape.queryHeads * shape.headDimension
    for i in expected.indices {
      #expect(
        abs(expected[i] - actual[i]) <= 2e-6, "\(element), position \(i / width), element \(i % width)")
    }
  }

  /// Rings, pages and chunks: what is computed in one go equals what is computed piece by piece.
  @Test(arguments: shapes, [KernelSetName.reference, .portable])
  func chunksGiveTheSameBits(shape: Shape, set: KernelSetName) {
    let data = Data(shape, seed: 2)
    let whole = data.attend(set, .float16, chunk: shape.positions)
    for chunk in [1, 7, 64] {
      let pieces = data.attend(set, .float16, chunk: chunk)
      let difference = firstDifference(pieces, whole, columns: shape.queryHeads * shape.headDimension)
      #expect(difference == nil, "chunks of \(chunk)")
    }
  }

  @Test func aHeadMayAttendToNothing() {
    var data = Data(Self.shapes[2], seed: 3)
    data.sinks = data.sinks.map { _ in 80 }
    for value in data.attend(.portable, .float16, chunk: 200) { #expect(abs(value) < 1e-20) }
  }

  @Test func scoresOfAnySizeStayFinite() {
    var data = Data(Self.shapes[3], seed: 4)
    data.queries = data.queries.map { $0 * 1e4 }
    for set in [KernelSetName.reference, .portable] {
      for value in data.attend(set, .float32, chunk: 300) { #expect(value.isFinite && abs(value) <= 1.001) }
    }
  }

  private struct Data {
    let shape: Shape
    var queries: [Float]
    let keys: [Float]
    let values: [Float]
    var sinks: [Float]

    init(_ shape: Shape, seed: UInt64) {
      var random = RandomData(seed: seed)
      self.shape = shape
      queries = random.floats(shape.positions * shape.queryHeads * shape.headDimension, scale: 3)
      keys = random.floats(shape.positions * shape.keyValueHeads * shape.headDimension)
      values = random.floats(shape.positions * shape.keyValueHeads * shape.headDimension)
      sinks = random.floats(shape.queryHeads)
    }

    func attend(_ set: KernelSetName, _ element: CacheElement, chunk: Int) -> [Float] {
      let launcher = Launcher(kernels: set.kernels, threadCount: 2)
      let pages = KeyValuePages(
        keyValueHeadCount: shape.keyValueHeads, headDimension: shape.headDimension, element: element,
        reach: shape.window.map { $0 + chunk - 1 })
      var results: [Float] = []
      for first in stride(from: 0, to: shape.positions, by: chunk) {
        let rows = first..<min(first + chunk, shape.positions)
        let output = Activations(capacity: rows.count, columns: shape.queryHeads * shape.headDimension)
        launcher.store(
          keys: slice(keys, rows).all, values: slice(values, rows).all, at: first, in: pages)
        launcher.attend(
          queries: slice(queries, rows).all, at: first, window: shape.window, sinks: FloatVector(sinks),
          cache: pages, output: output.all)
        results += output.values
      }
      return results
    }

    private func slice(_ values: [Float], _ rows: Range<Int>) -> Activations {
      let columns = values.count / shape.positions
      let activations = Activations(capacity: rows.count, columns: columns)
      for row in rows {
        activations.withMutableRow(row - rows.lowerBound) {
          for i in 0..<columns { $0[i] = values[row * columns + i] }
        }
      }
      return activations
    }
  }
}
