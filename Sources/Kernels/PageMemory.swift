#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory that grows page by page: each new chunk is as large as all before it, up to 2 MB, and from there on lies on
/// the machine's huge pages, which spares the kernels that stream through it most misses of the address cache.
struct PageMemory {
  private static let hugePage = 2 << 20

  private var chunks: [UnsafeMutableRawPointer] = []
  private var chunkByteCount = 0
  private var used = 0
  /// Bytes allocated, those of pages to come included.
  private(set) var byteCount = 0

  /// `byteCount` zeroed bytes, aligned to 64; valid until `release`.
  mutating func page(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let size = byteCount.dividedUp(by: 64) * 64
    if chunks.isEmpty || used + size > chunkByteCount { grow(atLeast: size) }
    let page = chunks[chunks.count - 1] + used
    used += size
    return page
  }

  /// Gives all memory back.
  mutating func release() {
    for chunk in chunks { chunk.deallocate() }
    self = PageMemory()
  }

  private mutating func grow(atLeast size: Int) {
    // Only whole pages of the cache are of use: what is left of 2 MB when they do not divide it is never touched.
    let wanted = min(max(byteCount, size), max(size, Self.hugePage / size * size))
    chunkByteCount = wanted / size * size
    let huge = chunkByteCount > Self.hugePage / 2
    let chunk = UnsafeMutableRawPointer.allocate(
      byteCount: huge ? chunkByteCount.dividedUp(by: Self.hugePage) * Self.hugePage : chunkByteCount,
      alignment: huge ? Self.hugePage : 64)
    #if os(Linux)
      if huge {
        // A hint: without huge pages all works, a little slower.
        madvise(chunk, chunkByteCount.dividedUp(by: Self.hugePage) * Self.hugePage, MADV_HUGEPAGE)
      }
    #endif
    chunk.initializeMemory(as: UInt8.self, repeating: 0, count: chunkByteCount)
    chunks.append(chunk)
    byteCount += chunkByteCount
    used = 0
  }
}
