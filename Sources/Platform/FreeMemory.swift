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

/// Makes a process keep little of the memory that it frees; for one that lives long and does costly work on
/// many threads.
///
/// glibc raises its thresholds when a large piece is freed: then up to 64 MB may stay free at the end of each
/// arena, of which there are eight per processor, and ``returnFreeMemory()`` does not reach these ends. Half an
/// hour of costly schemas left a server with 40 MB in use and 550 MB of memory. Fixed thresholds leave it with
/// 130 MB. They are well above what a token's pass allocates, so generation gets no slower. Other C libraries
/// give back by themselves.
package func keepLittleFreeMemory() {
  #if canImport(Glibc)
    mallopt(M_MMAP_THRESHOLD, 2 << 20)
    mallopt(M_TRIM_THRESHOLD, 4 << 20)
  #endif
}
