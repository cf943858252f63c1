/// Memory for much that is read often, such as a model's weights: one range of addresses on the machine's
/// huge pages, given out from front to back.
///
/// Reading weights is most of what decoding a token does. From pages of 2 MB it goes half as fast again as
/// from pages of 4 KB. Addresses are reserved at once; memory is in use as it is written.
package final class HugePageMemory: @unchecked Sendable {
  /// Bytes of a page of 2 MB: the next size above 4 KB on x86-64 and, with pages of 4 KB, on arm64.
  package static let pageByteCount = 2 << 20

  private let mapping: UnsafeMutableRawPointer
  private let mappedByteCount: Int
  private let start: UnsafeMutableRawPointer
  private var used = 0
  private let capacity: Int

  /// Reserves addresses that were never in use: memory that the allocator gives out a second time keeps its
  /// small pages.
  ///
  /// - Returns: nil if the system refuses.
  package init?(capacity: Int) {
    let byteCount = capacity + 2 * Self.pageByteCount
    #if canImport(Darwin)
      let flags = MAP_PRIVATE | MAP_ANON
    #else
      let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    #endif
    guard let mapping = mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0), mapping != MAP_FAILED
    else {
      return nil
    }
    self.mapping = mapping
    self.capacity = capacity
    mappedByteCount = byteCount
    start = mapping.alignedUp(toMultipleOf: Self.pageByteCount)
    #if os(Linux)
      // A hint: without huge pages all works, more slowly.
      madvise(start, capacity.roundedUp(toMultipleOf: Self.pageByteCount), MADV_HUGEPAGE)
    #endif
  }

  deinit { munmap(mapping, mappedByteCount) }

  /// Brings what has been written onto huge pages where it did not get them at once, because free memory was
  /// in pieces.
  package func collapse() {
    #if os(Linux)
      // MADV_COLLAPSE, Linux 6.1; earlier kernels refuse it, and nothing is lost but speed. Page by page,
      // because it ends where it first fails.
      for page in stride(from: 0, to: used, by: Self.pageByteCount) {
        madvise(start + page, Self.pageByteCount, 25)
      }
    #endif
  }

  /// The most bytes that can still be taken at once.
  package var remainingByteCount: Int { (capacity - used) / 64 * 64 }

  /// The next `byteCount` bytes, zeroed, aligned to 64.
  ///
  /// - Precondition: they are within the capacity.
  package func take(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    let size = byteCount.roundedUp(toMultipleOf: 64)
    precondition(used + size <= capacity, "\(size) bytes of \(capacity - used)")
    defer { used += size }
    return UnsafeMutableRawBufferPointer(start: start + used, count: byteCount)
  }
}

extension Int {
  fileprivate func roundedUp(toMultipleOf divisor: Int) -> Int { (self + divisor - 1) / divisor * divisor }
}
