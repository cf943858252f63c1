#if Downloads
  import Crypto
  import Dispatch
  import Foundation
  import GPTOSSPlatform
  import Synchronization

  /// Hashes a file behind its download: what has arrived without a gap, while more comes.
  ///
  /// Reads on a queue of its own, never on Swift's pool.
  final class FileHasher: @unchecked Sendable {
    // Used on the queue alone.
    private var hash: any HashFunction
    private var position = 0
    private var failure: SystemError?
    /// Once nobody downloads the file any more, nobody wants its hash.
    private weak var store: PartialStore?
    private let expected: String
    private let isStopped = Atomic(false)
    private let queue = DispatchQueue(label: "gptoss.hash")
    private static let pieceByteCount = 1 << 20

    /// A hash of the file of a download.
    init(_ store: PartialStore) {
      self.store = store
      switch store.file.digest {
      case .sha256(let hex): (hash, expected) = (SHA256(), hex)
      case .gitBlob(let hex):
        var sha1 = Insecure.SHA1()
        sha1.update(data: Data("blob \(store.file.byteCount)\u{0}".utf8))
        (hash, expected) = (sha1, hex)
      }
    }

    /// Hashes as far as this, in the background.
    func advance(to end: Int) { queue.async { self.read(to: end) } }

    /// Whether the file, of so many bytes, has the hash that it should have.
    ///
    /// - Throws: `SystemError` if it cannot be read; `CancellationError` soon after the task is cancelled.
    func matches(byteCount: Int) async throws -> Bool {
      let matches = try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Bool, any Error>) in
          queue.async {
            self.read(to: byteCount)
            if let failure = self.failure { return continuation.resume(throwing: failure) }
            continuation.resume(returning: self.hash.hexadecimal == self.expected)
          }
        }
      } onCancel: {
        isStopped.store(true, ordering: .relaxed)
      }
      try Task.checkCancellation()
      return matches
    }

    private func read(to end: Int) {
      var buffer = [UInt8](repeating: 0, count: min(Self.pieceByteCount, max(0, end - position)))
      while position < end, failure == nil, !isStopped.load(ordering: .relaxed), let store {
        let wanted = min(buffer.count, end - position)
        let count = pread(store.descriptor, &buffer, wanted, off_t(position))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else {
          failure = SystemError(code: count < 0 ? errno : EIO)
          return
        }
        buffer.withUnsafeBytes {
          hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0.prefix(count)))
        }
        position += count
      }
    }
  }

  extension HashFunction {
    /// The hash of what was added so far, in hexadecimal digits.
    var hexadecimal: String {
      finalize().map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
    }
  }
#endif
