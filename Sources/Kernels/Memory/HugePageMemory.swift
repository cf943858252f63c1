#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory for the weights of a model or for a piece of a cache: one range of addresses on the machine's huge pages, taken
/// from front to back.
///
/// Reading weights is most of what decoding a token does, and from pages of 2 MB it goes half as fast again as from
/// pages of 4 KB. Addresses are reserved at once; memory is in use as it is written.
package final class HugePageMemory: @unchecked Sendable {
  static let hugePage = 2 << 20

  private let mapping: UnsafeMutableRawPointer
  private let mappedByteCount: Int
  private let start: UnsafeMutableRawPointer
  private var used = 0
  private let capacity: Int

  /// Reserves addresses, that nobody had before: memory that the allocator gives out a second time keeps its small pages.
  ///
  /// - Returns: nil if the system refuses.
  package init?(capacity: Int) {
    let byteCount = capacity + 2 * Self.hugePage
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
    let misalignment = Int(bitPattern: mapping) % Self.hugePage
    start = misalignment == 0 ? mapping : mapping + (Self.hugePage - misalignment)
    #if os(Linux)
      // A hint: without huge pages all works, more slowly.
      madvise(start, capacity.dividedUp(by: Self.hugePage) * Self.hugePage, MADV_HUGEPAGE)
    #endif
  }

  deinit { munmap(mapping, mappedByteCount) }

  /// Brings what has been written onto huge pages where it did not get them at once, because free memory was in pieces.
  package func collapse() {
    #if os(Linux)
      // MADV_COLLAPSE, Linux 6.1; earlier kernels refuse it, and nothing is lost but speed. Page by page, because it ends
      // where it first fails.
      for page in stride(from: 0, to: used, by: Self.hugePage) {
        madvise(start + page, Self.hugePage, 25)
      }
    #endif
  }

  /// The next `byteCount` bytes, zeroed, aligned to 64.
  ///
  /// - Precondition: they are within the capacity.
  package func take(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    let size = byteCount.dividedUp(by: 64) * 64
    precondition(used + size <= capacity, "\(size) bytes of \(capacity - used)")
    defer { used += size }
    return UnsafeMutableRawBufferPointer(start: start + used, count: byteCount)
  }
}
