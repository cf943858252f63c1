import GPTOSSPlatform

/// Whether a process may use as many addresses as OpenBLAS takes.
///
/// When the library is loaded, it starts a thread for each processor but one, and each takes a buffer for good,
/// whether anything is ever computed with it. Where that is refused, the thread asks again for ever, and the
/// process waits for it when it ends (OpenBLAS 0.3, `blas_memory_alloc` and `blas_thread_shutdown_`).
package enum AddressSpace {
  /// OpenBLAS's buffer (`BUFFER_SIZE`, 128 MiB) and the stack of one of its threads.
  private static let threadByteCount = 136 << 20
  /// The stack and the heap (an arena of glibc's) of a thread of ours, of which there is one per processor.
  private static let ownThreadByteCount = 72 << 20
  /// Libraries, and the stacks and heaps of the threads that are always there.
  private static let programByteCount = 320 << 20

  /// What a program has to say that cannot run under the limit of addresses (`ulimit -v`): in one line, what to
  /// do. Nil if it can.
  ///
  /// It has to end by `_exit`: `exit` would wait for OpenBLAS's threads.
  package static func problem(environment: [String: String]) -> String? {
    #if canImport(Accelerate)
      nil
    #else
      addressSpaceLimit().flatMap {
        problem(limit: $0, processors: processorCount(), environment: environment)
      }
    #endif
  }

  /// The same for a limit in bytes and a number of processors.
  package static func problem(limit: Int, processors: Int, environment: [String: String]) -> String? {
    let wishes = ["OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"]
    let wish = wishes.compactMap { environment[$0].flatMap { Int($0) } }.first { $0 > 0 }
    let threads = min(processors, wish ?? processors)
    let needed = programByteCount + processors * ownThreadByteCount + threads * threadByteCount
    guard limit < needed else { return nil }
    return
      "the process may use only \(limit >> 20) MiB of addresses (ulimit -v), but needs \(needed >> 20) MiB "
      + "and room for the model; raise the limit"
      + (threads > 1 ? ", or lower the need with OPENBLAS_NUM_THREADS=1" : "")
  }
}
