/// What one benchmark found.
struct Measurement {
  /// Named after the kernel.
  let name: String
  /// What it was run on.
  let shape: String
  /// Seconds of each repeat.
  let seconds: [Double]
  /// Bytes that a run reads from memory; nil where that is not what bounds it.
  var bytes: Double?
  /// Multiply-adds of a run; nil where there are none to speak of.
  var multiplyAdds: Double?
  /// Tokens of a run; nil where no whole model runs.
  var tokens: Double?

  /// The middle one, the lower of two.
  var median: Double { seconds.sorted()[(seconds.count - 1) / 2] }

  /// What the machine does when nothing else runs on it.
  var best: Double { seconds.min() ?? 0 }

  var bytesPerSecond: Double? { bytes.map { $0 / median } }
  var multiplyAddsPerSecond: Double? { multiplyAdds.map { $0 / median } }
  var tokensPerSecond: Double? { tokens.map { $0 / median } }
}

/// Measures benchmarks in turns, round after round, so that a busy moment of the machine falls on all of them
/// alike.
struct Benchmark {
  let name: String
  let shape: String
  var bytes: Double?
  var multiplyAdds: Double?
  var tokens: Double?
  /// How often a repeat runs `body`; its time is divided by that.
  var runs = 1
  let body: () -> Void

  static func measure(_ benchmarks: [Benchmark], rounds: Int) -> [Measurement] {
    let clock = ContinuousClock()
    var seconds = [[Double]](repeating: [], count: benchmarks.count)
    for benchmark in benchmarks { benchmark.body() }
    for _ in 0..<rounds {
      for (i, benchmark) in benchmarks.enumerated() {
        let time = clock.measure { for _ in 0..<benchmark.runs { benchmark.body() } }
        seconds[i].append(time / .seconds(1) / Double(benchmark.runs))
      }
    }
    return zip(benchmarks, seconds).map {
      Measurement(
        name: $0.name, shape: $0.shape, seconds: $1, bytes: $0.bytes, multiplyAdds: $0.multiplyAdds,
        tokens: $0.tokens)
    }
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct RandomNumbers {
  private var state: UInt64 = 1

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// Uniform in −1 ..< 1.
  mutating func float() -> Float { Float(Int64(bitPattern: next()) >> 40) / 0x1p23 }
}
