import GPTOSSKernels

#if arch(x86_64)
  import PeakAVX2
  import PeakAVX512
#endif

/// What the machine can do at most, measured in turns with the kernels.
enum Limits {
  /// Reads 1 GiB on 2 MB pages, each thread its share.
  static func stream(_ bench: Bench) -> Benchmark {
    let memory = bench.memory(1 << 30).bindMemory(to: SIMD8<UInt64>.self)
    memory.initialize(repeating: SIMD8(repeating: 1))
    let threads = bench.launcher.pool.threadCount
    let share: Int = memory.count / threads / 4 * 4
    let sums = UnsafeMutablePointer<UInt64>.allocate(capacity: threads)
    return Benchmark(name: "stream", shape: "1 GiB", bytes: Double(share * threads * 64)) {
      bench.launcher.pool.run(threads) { task, _ in
        var (a, b, c, d) = (SIMD8<UInt64>(), SIMD8<UInt64>(), SIMD8<UInt64>(), SIMD8<UInt64>())
        for i in Swift.stride(from: task * share, to: (task + 1) * share, by: 4) {
          a ^= memory[i]
          b ^= memory[i + 1]
          c ^= memory[i + 2]
          d ^= memory[i + 3]
        }
        sums[task] = (a ^ b ^ c ^ d).wrappedSum()
      }
    }
  }

  /// Multiplies and adds 32-bit floats in registers; nil where no loop is compiled for the kernel set.
  static func multiplyAdd(_ bench: Bench) -> Benchmark? {
    #if arch(x86_64)
      let rounds = 200_000
      let threads = bench.launcher.pool.threadCount
      let sums = UnsafeMutablePointer<Float>.allocate(capacity: threads)
      func benchmark(_ perRound: Int, _ loop: @escaping (Int) -> Float) -> Benchmark {
        Benchmark(
          name: "multiplyAdd", shape: "float32 in registers",
          multiplyAdds: Double(threads * rounds * perRound)
        ) {
          bench.launcher.pool.run(threads) { task, _ in sums[task] = loop(rounds) }
        }
      }
      switch bench.launcher.kernels.name {
      case .avx512: return benchmark(multiplyAddsPerRound16, multiplyAdd16)
      case .avx2, .avxvnni: return benchmark(multiplyAddsPerRound8, multiplyAdd8)
      default: return nil
      }
    #else
      return nil
    #endif
  }
}
