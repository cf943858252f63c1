/// Memory that a kernel writes before it reads it. It is kept, and replaced by a larger piece when more is
/// asked for.
final class ScratchMemory {
  private var base: UnsafeMutableRawPointer?
  private var byteCount = 0

  deinit { base?.deallocate() }

  /// At least `wanted` bytes, aligned to 64, valid until the next call; what they hold is undefined.
  func reserve(_ wanted: Int) -> UnsafeMutableRawPointer {
    if let base, wanted <= byteCount { return base }
    base?.deallocate()
    byteCount = max(wanted, 4096)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
    base = memory
    return memory
  }
}
