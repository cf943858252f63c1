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
/// Takes a GiB of memory and about a second.
package func memoryBandwidth(threadCount: Int) async -> Double {
  await Task.detached { streamBandwidth(threadCount: threadCount) }.value
}
