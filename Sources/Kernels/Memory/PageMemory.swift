import GPTOSSPlatform

/// Memory that grows page by page. Each new chunk is as large as all before it, up to 2 MB. Chunks of that
/// size lie on the machine's huge pages, which spares the kernels that stream through them most misses of the
/// address cache.
struct PageMemory {
  private var smallChunks: [UnsafeMutableRawPointer] = []
  private var hugeChunks: [HugePageMemory] = []
  /// Where the last chunk begins.
  private var start: UnsafeMutableRawPointer?
  private var chunkByteCount = 0
  private var used = 0
  /// Bytes allocated, those of pages to come included.
  private(set) var byteCount = 0

  /// `byteCount` zeroed bytes, aligned to 64; valid until `release`.
  mutating func page(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let size = byteCount.dividedUp(by: 64) * 64
    if let start, used + size <= chunkByteCount {
      defer { used += size }
      return start + used
    }
    used = size
    let first = grow(atLeast: size)
    start = first
    return first
  }

  /// Gives all memory back.
  mutating func release() {
    for chunk in smallChunks { chunk.deallocate() }
    self = PageMemory()
  }

  /// A chunk of zeros.
  private mutating func grow(atLeast size: Int) -> UnsafeMutableRawPointer {
    // Only whole pages of the cache are of use: what is left of 2 MB when they do not divide it is never
    // touched.
    let hugePage = HugePageMemory.pageByteCount
    let wanted = min(max(byteCount, size), max(size, hugePage / size * size))
    chunkByteCount = wanted / size * size
    byteCount += chunkByteCount
    if chunkByteCount > hugePage / 2, let memory = HugePageMemory(capacity: chunkByteCount),
      let start = memory.take(chunkByteCount).baseAddress
    {
      // To touch it brings a huge page if one is free; if none is, one is made.
      start.initializeMemory(as: UInt8.self, repeating: 0, count: chunkByteCount)
      memory.collapse()
      hugeChunks.append(memory)
      return start
    }
    let start = UnsafeMutableRawPointer.allocate(byteCount: chunkByteCount, alignment: 64)
    start.initializeMemory(as: UInt8.self, repeating: 0, count: chunkByteCount)
    smallChunks.append(start)
    return start
  }
}
