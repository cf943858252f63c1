#if Downloads
  import Crypto
  import GGUF
  import GPTOSSPlatform

  extension FileDigest {
    /// The SHA-256 of a file.
    ///
    /// - Parameters:
    ///   - path: a file that does not change meanwhile.
    ///   - progress: is told how many bytes have been read.
    /// - Throws: `GGUFError` if it cannot be read; `CancellationError`.
    package static func sha256(
      ofFile path: String, progress: (_ byteCount: Int) -> Void = { _ in }
    ) async throws -> FileDigest {
      func failure() -> GGUFError {
        GGUFError(path: path, reason: .system(operation: "read", code: errno))
      }
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw failure() }
      defer { close(descriptor) }
      var hash = SHA256()
      var buffer = [UInt8](repeating: 0, count: 1 << 20)
      var position = 0
      while true {
        try Task.checkCancellation()
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw failure() }
        guard count > 0 else { return .sha256(hash.hexadecimal) }
        buffer.withUnsafeBytes {
          hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0.prefix(count)))
        }
        position += count
        progress(position)
        await Task.yield()
      }
    }
  }
#endif
