#if canImport(Glibc)
  import GPTOSSCAllocator
#endif

/// Gives memory that was freed back to the system.
///
/// glibc keeps what a thread has freed in that thread's arena, and an arena that grew once for a costly schema
/// or a body of megabytes stays as large. Called where such work ends; it takes some milliseconds. Other C
/// libraries give back by themselves.
package func returnFreeMemory() {
  #if canImport(Glibc)
    malloc_trim(0)
  #endif
}
