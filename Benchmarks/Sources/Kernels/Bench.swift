import GPTOSSBlockFormats
import GPTOSSKernels
import GPTOSSPlatform
import Synchronization

/// What the benchmarks are made with: a kernel set on threads, random operands, memory that stays.
final class Bench {
  let launcher: Launcher
  private var random = RandomNumbers()
  private var memories: [HugePageMemory] = []

  init(_ kernels: KernelSet, threadCount: Int) {
    launcher = Launcher(kernels: kernels, threadCount: threadCount)
  }

  /// Memory on huge pages.
  func memory(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    guard let memory = HugePageMemory(capacity: byteCount + 64) else { fatalError("no memory") }
    memories.append(memory)
    return memory.take(byteCount)
  }

  func activations(rows: Int, columns: Int) -> Activations {
    let activations = Activations(capacity: rows, columns: columns)
    for row in 0..<rows {
      activations.withMutableRow(row) { for i in $0.indices { $0[i] = random.float() } }
    }
    return activations
  }

  func vector(_ count: Int) -> FloatVector { FloatVector((0..<count).map { _ in random.float() }) }

  /// Random blocks, as the kernel set wants them to lie.
  func matrix(_ format: BlockFormat, rows: Int, columns: Int) -> WeightMatrix {
    let byteCount = rows * columns / format.weightsPerBlock * format.bytesPerBlock
    let file = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    defer { file.deallocate() }
    for offset in stride(from: 0, to: byteCount / 8 * 8, by: 8) {
      file.storeBytes(of: random.next() & 0x7F7F_7F7F_7F7F_7F7F, toByteOffset: offset, as: UInt64.self)
    }
    let numberCount = [.q8_0: 1, .q5_0: 1, .q5_1: 2, .q4_K: 2, .q5_K: 2, .q6_K: 1][format] ?? 0
    let firstNumber = format == .q6_K ? format.bytesPerBlock - 2 : 0
    for block in 0..<(byteCount / format.bytesPerBlock) {
      // A scale, and a minimum, of 2⁻⁷.
      for number in 0..<numberCount {
        let offset = block * format.bytesPerBlock + firstNumber + 2 * number
        file.storeBytes(of: UInt16(0x2000), toByteOffset: offset, as: UInt16.self)
      }
    }
    let matrix = WeightMatrix(
      format: format, rows: rows, columns: columns, bytes: UnsafeRawBufferPointer(file))
    let layout = launcher.kernels.products.layout(for: format)
    let bytes = memory(matrix.byteCount(in: layout))
    guard let start = bytes.baseAddress else { fatalError("no memory") }
    launcher.kernels.products.repack(matrix, rows: 0..<rows, as: layout, output: start)
    return matrix.view(layout, bytes: UnsafeRawBufferPointer(bytes))
  }
}

extension Bench {
  /// One layer's attention of 20b: 64 query heads on 8 key-value heads of 64 elements.
  func attend(tokens: Int, depth: Int, window: Int? = nil, element: CacheElement = .int16) -> Benchmark {
    let (heads, group, size) = (8, 8, 64)
    // As many caches as do not fit into a cache of the CPU, used in turn: a token's layers.
    let caches = (0..<(tokens == 1 && window == nil ? 12 : 1)).map { _ in
      KeyValuePages(keyValueHeadCount: heads, headDimension: size, element: element, reach: nil)
    }
    for cache in caches {
      for first in stride(from: 0, to: depth + tokens, by: 256) {
        let count = min(256, depth + tokens - first)
        let keys = activations(rows: count, columns: heads * size)
        let values = activations(rows: count, columns: heads * size)
        launcher.store(keys: keys.all, values: values.all, at: first, in: cache)
      }
    }
    let queries = activations(rows: tokens, columns: heads * group * size)
    let output = activations(rows: tokens, columns: heads * group * size)
    let sinks = vector(heads * group)
    let visible = (0..<tokens).reduce(0) { $0 + min(depth + $1 + 1, window ?? .max) }
    return Benchmark(
      name: "attend",
      shape: "\(tokens) at \(depth)" + (window.map { ", window \($0)" } ?? "") + ", \(element)",
      bytes: tokens == 1
        ? Double(caches.count * visible * 2 * heads * size * element.byteCount) : nil,
      multiplyAdds: Double(caches.count * visible * heads * group * size * 2)
    ) { [launcher] in
      for cache in caches {
        launcher.attend(
          queries: queries.all, at: depth, window: window, sinks: sinks, cache: cache, output: output.all)
      }
    }
  }

  /// A batch's keys and values of one layer, into the cache.
  func store(tokens: Int) -> Benchmark {
    let cache = KeyValuePages(keyValueHeadCount: 8, headDimension: 64, element: .int16, reach: nil)
    let keys = activations(rows: tokens, columns: 512)
    let values = activations(rows: tokens, columns: 512)
    return Benchmark(
      name: "store", shape: "\(tokens) × 8 × 64", bytes: Double(tokens * 2 * 512 * 2), runs: 20
    ) { [launcher] in
      launcher.store(keys: keys.all, values: values.all, at: 0, in: cache)
    }
  }

  /// Weights times one or more tokens. `copies` matrices are used in turn, so that they come from memory.
  func multiply(
    _ format: BlockFormat, rows: Int, columns: Int, tokens: Int, copies: Int, precision: Precision = .precise
  ) -> Benchmark {
    let matrices = (0..<copies).map { _ in matrix(format, rows: rows, columns: columns) }
    let input = activations(rows: tokens, columns: columns)
    let output = activations(rows: tokens, columns: rows)
    return Benchmark(
      name: "multiply", shape: "\(format) \(rows) × \(columns), \(tokens) tokens, \(precision)",
      bytes: tokens <= 4 ? Double(copies * matrices[0].bytesPerRow * rows) : nil,
      multiplyAdds: Double(copies * rows * columns * tokens)
    ) { [launcher] in
      launcher.precision = precision
      for matrix in matrices {
        launcher.multiply([MatrixProduct(matrix, input: input.all, output: output.all)])
      }
    }
  }

  /// From the file's layout to the kernels', as when a model is loaded.
  func repack(_ format: BlockFormat) -> Benchmark {
    let (rows, columns) = (23_040, 2_880)
    let byteCount = rows * columns / format.weightsPerBlock * format.bytesPerBlock
    let file = memory(byteCount)
    file.initializeMemory(as: UInt8.self, repeating: 1)
    let matrix = WeightMatrix(
      format: format, rows: rows, columns: columns, bytes: UnsafeRawBufferPointer(file))
    let layout = launcher.kernels.products.layout(for: format)
    let bytes = memory(matrix.byteCount(in: layout))
    guard let output = bytes.baseAddress else { fatalError("no memory") }
    return Benchmark(name: "repack", shape: "\(format) \(rows) × \(columns)", bytes: Double(byteCount)) {
      [launcher] in
      launcher.pool.run(rows / 256) { task, _ in
        launcher.kernels.products.repack(
          matrix, rows: 256 * task..<256 * (task + 1), as: layout, output: output)
      }
    }
  }

  /// One token times half a gigabyte of weights. Columns of blocks of 256 are those of attention's output.
  func decode(_ format: BlockFormat, _ precision: Precision) -> Benchmark {
    let (rows, columns) = (23_040, format.weightsPerBlock == 256 ? 4_096 : 2_880)
    let byteCount = rows * columns / format.weightsPerBlock * format.bytesPerBlock
    return multiply(
      format, rows: rows, columns: columns, tokens: 1, copies: 430_000_000 / byteCount, precision: precision)
  }

  func rmsNorm(tokens: Int) -> Benchmark {
    let input = activations(rows: tokens, columns: 2_880)
    let output = activations(rows: tokens, columns: 2_880)
    let weight = vector(2_880)
    return Benchmark(
      name: "rmsNorm", shape: "\(tokens) × 2880", bytes: Double(tokens * 2_880 * 8), runs: 50
    ) { [launcher] in
      launcher.rmsNorm(input.all, weight: weight, epsilon: 1e-5, output: output.all)
    }
  }

  func rotate(tokens: Int) -> Benchmark {
    let heads = activations(rows: tokens, columns: 4_096)
    let cosines = activations(rows: tokens, columns: 32)
    let sines = activations(rows: tokens, columns: 32)
    return Benchmark(
      name: "rotate", shape: "\(tokens) × 64 × 64", bytes: Double(tokens * 4_096 * 8), runs: 50
    ) { [launcher] in
      launcher.rotate(heads.all, headDimension: 64, cosines: cosines.all, sines: sines.all)
    }
  }

  func gatedActivation(tokens: Int) -> Benchmark {
    let gate = activations(rows: 4 * tokens, columns: 2_880)
    let up = activations(rows: 4 * tokens, columns: 2_880)
    let output = activations(rows: 4 * tokens, columns: 2_880)
    return Benchmark(
      name: "gatedActivation", shape: "\(tokens) × 4 × 2880", bytes: Double(tokens * 4 * 2_880 * 12), runs: 20
    ) { [launcher] in
      launcher.gatedActivation(gate: gate.all, up: up.all, output: output.all)
    }
  }

  /// A parallel region in which every thread waits for all others to begin: what a barrier costs.
  func region() -> Benchmark {
    let threads = launcher.pool.threadCount
    let begun = Counter()
    return Benchmark(name: "region", shape: "\(threads) threads meet", runs: 200) { [launcher] in
      begun.value.store(0, ordering: .relaxed)
      launcher.pool.run(threads) { _, _ in
        begun.value.add(1, ordering: .relaxed)
        while begun.value.load(ordering: .relaxed) < threads {}
      }
    }
  }
}

private final class Counter: Sendable {
  let value = Atomic<Int>(0)
}
