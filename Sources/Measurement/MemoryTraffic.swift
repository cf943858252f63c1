package import GGUF
import GPTOSSKernels
package import GPTOSSModel

extension GGUFFile {
  /// Bytes of weights that one token reads: all but the embedding's other rows and the experts not chosen.
  ///
  /// - Parameter configuration: the file's own.
  package func bytesPerToken(_ configuration: Configuration) -> Int {
    Int(PassTraffic(self, configuration).byteCount(tokenCount: 1).rounded())
  }
}

/// Bytes per second that memory delivers to a number of threads: the limit of decoding.
///
/// - Parameter byteCount: the memory that is read five times, much more than the caches hold. A GiB takes
///   about a second.
package func memoryBandwidth(threadCount: Int, byteCount: Int = 1 << 30) async -> Double {
  await Task.detached { streamBandwidth(threadCount: threadCount, byteCount: byteCount) }.value
}
