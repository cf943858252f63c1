import GPTOSSKernels
import Testing

/// Attention of every kernel set against the reference.
struct AttentionTests {
  static let shapes = [
    AttentionShape(queryHeads: 8, keyValueHeads: 1, headDimension: 64, window: nil, positions: 1),
    AttentionShape(queryHeads: 4, keyValueHeads: 2, headDimension: 32, window: 8, positions: 70),
    AttentionShape(queryHeads: 4, keyValueHeads: 4, headDimension: 64, window: nil, positions: 200),
    AttentionShape(queryHeads: 16, keyValueHeads: 2, headDimension: 64, window: 128, positions: 300),
    AttentionShape(queryHeads: 3, keyValueHeads: 1, headDimension: 10, window: 5, positions: 65),
    // More heads than a block has rows, a head that is no whole number of vectors.
    AttentionShape(queryHeads: 22, keyValueHeads: 2, headDimension: 80, window: nil, positions: 130),
    // A head that is larger than a page's scores.
    AttentionShape(queryHeads: 10, keyValueHeads: 1, headDimension: 2_600, window: nil, positions: 3),
    // Two spans and their boundary, seen whole and through a window.
    AttentionShape(queryHeads: 2, keyValueHeads: 1, headDimension: 16, window: nil, positions: 1_100),
    AttentionShape(queryHeads: 2, keyValueHeads: 1, headDimension: 16, window: 100, positions: 1_100),
  ]

  @Test(arguments: shapes, TestedKernels.vectorSets)
  func equalsReference(shape: AttentionShape, set: TestedKernels) {
    for element in CacheElement.allCases {
      let data = AttentionData(shape, seed: 1)
      let expected = data.attend(.reference, element, chunk: shape.positions)
      let actual = data.attend(set, element, chunk: shape.positions)
      let wrong = expected.indices.first {
        !(abs(expected[$0] - actual[$0]) <= element.tolerance(shape.headDimension))
      }
      #expect(wrong == nil, "\(element), element \(wrong ?? 0) of rows of \(shape.width)")
    }
  }

  /// The scores and weights of every set are rounded in the same places and added up in one order.
  @Test(arguments: shapes)
  func setsGiveTheSameBits(shape: AttentionShape) {
    let data = AttentionData(shape, seed: 9)
    for element in CacheElement.allCases {
      let expected = data.attend(.portable, element, chunk: shape.positions)
      for set in TestedKernels.vectorSets {
        let actual = data.attend(set, element, chunk: 64)
        #expect(firstDifference(actual, expected, columns: shape.width) == nil, "\(set), \(element)")
      }
    }
  }

  /// Rings, pages, tiles, spans: what is computed in one go equals what is computed piece by piece.
  @Test(arguments: shapes, TestedKernels.here)
  func chunksGiveTheSameBits(shape: AttentionShape, set: TestedKernels) {
    let data = AttentionData(shape, seed: 2)
    for element in [CacheElement.int16, .float16] {
      let whole = data.attend(set, element, chunk: shape.positions)
      for (chunk, threads) in [(1, 3), (7, 1), (64, 2)] {
        let pieces = data.attend(set, element, chunk: chunk, threads: threads)
        #expect(
          firstDifference(pieces, whole, columns: shape.width) == nil, "\(element), chunks of \(chunk)")
      }
    }
  }

  @Test func randomShapesEqualReference() {
    var random = RandomData(seed: 5)
    for round in 0..<40 {
      let keyValueHeads = random.int(1...3)
      let shape = AttentionShape(
        queryHeads: keyValueHeads * random.int(1...9), keyValueHeads: keyValueHeads,
        headDimension: 2 * random.int(1...50), window: round % 2 == 0 ? nil : random.int(1...150),
        positions: random.int(1...260))
      let data = AttentionData(shape, seed: UInt64(round))
      let element = CacheElement.allCases[round % CacheElement.allCases.count]
      let expected = data.attend(.reference, element, chunk: shape.positions)
      for set in TestedKernels.vectorSets {
        let actual = data.attend(set, element, chunk: random.int(1...shape.positions))
        let wrong = expected.indices.first {
          !(abs(expected[$0] - actual[$0]) <= element.tolerance(shape.headDimension))
        }
        #expect(wrong == nil, "\(set), \(shape), \(element), element \(wrong ?? 0)")
      }
    }
  }

  @Test(arguments: TestedKernels.here)
  func aHeadMayAttendToNothing(set: TestedKernels) {
    var data = AttentionData(Self.shapes[2], seed: 3)
    data.sinks = data.sinks.map { _ in 80 }
    for element in CacheElement.allCases {
      for value in data.attend(set, element, chunk: 200) { #expect(abs(value) < 1e-20) }
    }
  }

  /// A sink of −∞ takes no part: the weights of the values alone sum to one.
  @Test(arguments: TestedKernels.here)
  func aHeadMayHaveNoSink(set: TestedKernels) {
    let shape = Self.shapes[3]
    var data = AttentionData(shape, seed: 4)
    data.sinks = data.sinks.map { _ in -.infinity }
    data.values = data.values.map { _ in 0.5 }
    for value in data.attend(set, .float32, chunk: 300) { #expect(abs(value - 0.5) <= 1e-6) }
  }

  @Test(arguments: TestedKernels.here)
  func scoresOfAnySizeStayFinite(set: TestedKernels) {
    var data = AttentionData(Self.shapes[3], seed: 4)
    data.queries = data.queries.map { $0 * 1e4 }
    for element in CacheElement.allCases {
      for value in data.attend(set, element, chunk: 300) { #expect(value.isFinite && abs(value) <= 1.001) }
    }
  }

  /// Keys along their query and values that are all at their bound: the sums of integers are as large as they
  /// get.
  @Test(arguments: TestedKernels.here, [1, 64])
  func theLargestSumsFit(set: TestedKernels, dimensions: Int) {
    let shape = AttentionShape(
      queryHeads: 8, keyValueHeads: 1, headDimension: 64, window: nil, positions: 200)
    var data = AttentionData(shape, seed: 7)
    for i in data.queries.indices { data.queries[i] = i % 64 < dimensions ? 1 : 0 }
    for i in data.keys.indices { data.keys[i] = i % 64 < dimensions ? 5 : 0 }
    for i in data.values.indices { data.values[i] = i % 64 < dimensions ? -3 : 0 }
    let expected = data.attend(.reference, .float32, chunk: 200)
    for (x, y) in zip(data.attend(set, .int16, chunk: 200), expected) { #expect(abs(x - y) <= 1e-3) }
  }

  /// NaN and infinity reach those tokens that see them, and no other: neither an earlier token of the same
  /// tile nor one whose window has passed them.
  @Test(arguments: TestedKernels.here, [Float.nan, .infinity])
  func whatIsNotSeenDoesNotMatter(set: TestedKernels, poison: Float) {
    let shape = AttentionShape(queryHeads: 4, keyValueHeads: 1, headDimension: 16, window: 20, positions: 90)
    let clean = AttentionData(shape, seed: 6)
    var poisoned = clean
    poisoned.keys[50 * 16 + 3] = poison
    poisoned.values[50 * 16 + 5] = poison
    for element in CacheElement.allCases {
      let expected = clean.attend(set, element, chunk: 90)
      let actual = poisoned.attend(set, element, chunk: 90)
      for token in 0..<90 {
        let row = token * shape.width..<(token + 1) * shape.width
        if (50..<70).contains(token) {
          #expect(actual[row].contains { $0.isNaN }, "token \(token)")
        } else {
          #expect(Array(actual[row]) == Array(expected[row]), "token \(token)")
        }
      }
    }
  }
}

extension CacheElement {
  /// How far attention over values up to 1 may be from double precision over the same cache: with integers,
  /// queries and weights are rounded too, and a longer query's elements are fewer steps.
  fileprivate func tolerance(_ headDimension: Int) -> Float {
    self == .int16 ? 2e-4 * max(1, Float(headDimension) / 64).squareRoot() : 2e-6
  }
}

struct AttentionShape: CustomTestStringConvertible {
  var queryHeads: Int
  var keyValueHeads: Int
  var headDimension: Int
  var window: Int?
  var positions: Int

  var width: Int { queryHeads * headDimension }

  var testDescription: String {
    "\(queryHeads)/\(keyValueHeads) heads of \(headDimension), window \(window ?? 0), \(positions) positions"
  }
}

struct AttentionData {
  let shape: AttentionShape
  var queries: [Float]
  var keys: [Float]
  var values: [Float]
  var sinks: [Float]

  init(_ shape: AttentionShape, seed: UInt64) {
    var random = RandomData(seed: seed)
    self.shape = shape
    queries = random.floats(shape.positions * shape.width, scale: 3)
    keys = random.floats(shape.positions * shape.keyValueHeads * shape.headDimension)
    values = random.floats(shape.positions * shape.keyValueHeads * shape.headDimension)
    sinks = random.floats(shape.queryHeads)
  }

  /// Stores keys and values chunk by chunk and attends to them.
  func attend(_ set: TestedKernels, _ element: CacheElement, chunk: Int, threads: Int = 2) -> [Float] {
    let launcher = Launcher(kernels: set.kernels, threadCount: threads)
    let pages = KeyValuePages(
      keyValueHeadCount: shape.keyValueHeads, headDimension: shape.headDimension, element: element,
      reach: shape.window.map { $0 + chunk - 1 })
    var results: [Float] = []
    for first in stride(from: 0, to: shape.positions, by: chunk) {
      let rows = first..<min(first + chunk, shape.positions)
      let output = Activations(capacity: rows.count, columns: shape.width)
      launcher.store(keys: slice(keys, rows).all, values: slice(values, rows).all, at: first, in: pages)
      launcher.attend(
        queries: slice(queries, rows).all, at: first, window: shape.window, sinks: FloatVector(sinks),
        cache: pages, output: output.all)
      results += output.values
    }
    return results
  }

  func slice(_ values: [Float], _ rows: Range<Int>) -> Activations {
    let columns = values.count / shape.positions
    return Activations(Array(values[rows.lowerBound * columns..<rows.upperBound * columns]), columns: columns)
  }
}
