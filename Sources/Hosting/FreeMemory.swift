#if canImport(Glibc)
  import Glibc
#endif

/// Gives the system what the allocator keeps for later: glibc would hold on to the small pieces of a model
/// that is gone, such as its vocabulary. Other allocators do so by themselves.
func returnFreeMemory() {
  #if canImport(Glibc)
    // Swift's module of glibc leaves <malloc.h> out.
    typealias Trim = @convention(c) (Int) -> Int32
    guard let function = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(function, to: Trim.self)(0)
  #endif
}
