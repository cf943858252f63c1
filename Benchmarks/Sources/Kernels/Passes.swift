import GGUF
import GPTOSSKernels
import GPTOSSModel

/// Whole passes of a model whose weights are resident, loaded once for all.
final class Passes {
  private let transformer: Transformer
  private let bytesPerToken: Double
  private let depth: Int
  private let launcher = Launcher(kernels: .portable, threadCount: 1)
  private var random = RandomNumbers()

  /// - Parameter path: a GGUF file.
  init(_ path: String, _ options: Options) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let file = try GGUFFile(path: path)
    transformer = try Transformer(
      file, kernels: options.kernels, weights: .resident, threadCount: options.threads, largestBatch: 512)
    load = Measurement(
      name: "load", shape: "resident", seconds: [(clock.now - start) / .seconds(1)],
      bytes: Double(file.tensors.reduce(0) { $0 + $1.byteCount }))
    bytesPerToken = PassTraffic(file, transformer.configuration).byteCount(tokenCount: 1)
    depth = min(8_192, transformer.configuration.contextLength / 2)
  }

  /// From the file's name to weights that are ready, once.
  let load: Measurement

  var benchmarks: [Benchmark] {
    [
      decode(sequences: 1, depth: 0), decode(sequences: 1, depth: depth), decode(sequences: 4, depth: 0),
      prefill(32, depth: 0, .precise), prefill(32, depth: 0, .fast),
      prefill(512, depth: 0, .precise), prefill(512, depth: 0, .fast), prefill(512, depth: depth, .fast),
      decode(sequences: 1, depth: 0, isObserved: true), decode(sequences: 1, depth: depth, isObserved: true),
      prefill(512, depth: 0, .fast, isObserved: true), prefill(512, depth: depth, .fast, isObserved: true),
    ]
  }

  private func prefill(
    _ count: Int, depth: Int, _ precision: Precision, isObserved: Bool = false
  ) -> Benchmark {
    let observer = isObserved ? PassObserver { _ in } : nil
    let tokens = randomTokens(count)
    let sequence = Sequence(cache(depth))
    return Benchmark(
      name: "prefill", shape: "\(count) tokens at \(depth), \(precision)" + (isObserved ? ", observed" : ""),
      tokens: Double(count)
    ) { [transformer] in
      sequence.goBack()
      Self.forward(transformer, [BatchEntry(sequence.cache, tokens, observer: observer)], precision)
    }
  }

  private func decode(sequences count: Int, depth: Int, isObserved: Bool = false) -> Benchmark {
    let observer = isObserved ? PassObserver { _ in } : nil
    let tokens = randomTokens(16 * count)
    let sequences = (0..<count).map { _ in Sequence(cache(depth)) }
    let isLone = count == 1
    return Benchmark(
      name: "decode", shape: "\(count) × 16 tokens at \(depth)" + (isObserved ? ", observed" : ""),
      bytes: isLone ? 16 * bytesPerToken : nil, tokens: Double(16 * count)
    ) { [transformer] in
      for sequence in sequences { sequence.goBack() }
      for step in 0..<16 {
        let batch = sequences.enumerated().map { index, sequence in
          BatchEntry(sequence.cache, [tokens[step * count + index]], observer: observer)
        }
        Self.forward(transformer, batch, .precise)
      }
    }
  }

  private static func forward(_ transformer: Transformer, _ batch: [BatchEntry], _ precision: Precision) {
    do { _ = try transformer.forward(batch, precision: precision) } catch { fatalError("\(error)") }
  }

  /// A cache that holds `depth` random keys and values a layer: how long attention takes does not depend on
  /// them.
  private func cache(_ depth: Int) -> KeyValueCache {
    let cache = transformer.makeCache()
    for first in stride(from: 0, to: depth, by: 256) {
      let count = min(256, depth - first)
      let rows = Activations(
        capacity: count,
        columns: transformer.configuration.keyValueHeadCount * transformer.configuration.headDimension)
      for row in 0..<count { rows.withMutableRow(row) { for i in $0.indices { $0[i] = random.float() } } }
      rows.rows = count
      for layer in cache.layers { launcher.store(keys: rows.all, values: rows.all, at: first, in: layer) }
    }
    cache.advance(to: depth)
    return cache
  }

  private func randomTokens(_ count: Int) -> [Int] {
    (0..<count).map { _ in Int(random.next() % UInt64(transformer.vocabularySize)) }
  }
}

/// A sequence that starts every run at the same point.
private struct Sequence {
  let cache: KeyValueCache
  private let start: KeyValueCache.Snapshot

  init(_ cache: KeyValueCache) {
    self.cache = cache
    start = cache.snapshot()
  }

  func goBack() { _ = cache.restore(start) }
}
