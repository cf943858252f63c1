import GPTOSSKernels

/// Bytes per second that memory delivers to a number of threads: the limit of decoding.
///
/// - Parameter byteCount: the memory that is read five times, much more than the caches hold. A GiB takes
///   about a second.
/// - Returns: nil where there is no room for it.
package func memoryBandwidth(threadCount: Int, byteCount: Int = 1 << 30) async -> Double? {
  await Task.detached { streamBandwidth(threadCount: threadCount, byteCount: byteCount) }.value
}
