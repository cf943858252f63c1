import GPTOSSPlatform

/// Bytes per second that this machine's memory delivers to `threadCount` threads that read it from one end to
/// the other: what a decode that waits for memory is compared with.
///
/// Reads memory of its own, on huge pages where the system grants them, five times, and takes the best.
///
/// - Parameter byteCount: much more than the caches hold, a multiple of 256 · `threadCount`.
/// - Returns: nil where less than twice so much memory is free: neither this process nor a model's cached file
///   is to make room for it.
package func streamBandwidth(threadCount: Int, byteCount: Int = 1 << 30) -> Double? {
  guard availableMemoryByteCount() / 2 >= byteCount else { return nil }
  let pool = ThreadPool(threadCount: threadCount)
  let share = byteCount / threadCount / 256 * 256
  guard let hugePages = HugePageMemory(capacity: byteCount + 64),
    let memory = hugePages.take(byteCount).baseAddress
  else { return nil }
  memset(memory, 1, byteCount)
  defer { withExtendedLifetime(hugePages) {} }
  let sums = UnsafeMutablePointer<UInt64>.allocate(capacity: threadCount)
  defer { sums.deallocate() }
  let clock = ContinuousClock()
  var best = Duration.seconds(Int64.max)
  for _ in 0..<5 {
    let time = clock.measure {
      pool.run(threadCount) { task, _ in sums[task] = combined(memory + task * share, share) }
    }
    best = min(best, time)
  }
  let seconds: Double = best / .seconds(1)
  return Double(share * threadCount) / seconds
}

/// Reads every byte, and returns something that depends on all of them, so that no read can be left out.
private func combined(_ start: UnsafeRawPointer, _ byteCount: Int) -> UInt64 {
  let words = start.assumingMemoryBound(to: SIMD8<UInt64>.self)
  var (a, b, c, d) = (SIMD8<UInt64>(), SIMD8<UInt64>(), SIMD8<UInt64>(), SIMD8<UInt64>())
  for index in stride(from: 0, to: byteCount / 64, by: 4) {
    a ^= words[index]
    b ^= words[index + 1]
    c ^= words[index + 2]
    d ^= words[index + 3]
  }
  let all = a ^ b ^ c ^ d
  return all.wrappedSum()
}
