import Foundation
import Synchronization

/// What happens when a page of a mapped file can no longer be had: the file was truncated while it was read, or
/// its disk has failed. The system says so with the signal SIGBUS, wherever the program is.
package enum MappedFileLoss {
  private static let message: StaticString = """
    gptoss: the model's file was truncated or cannot be read any more (SIGBUS); put the whole file back and \
    start again

    """

  /// Whether a thread is ending the program already.
  private static let isEnding = Atomic(false)

  /// Ends the program with a line and exit code 1 when that happens, the terminal as it was found.
  package static func listen() {
    let handler: @convention(c) (Int32) -> Void = { _ in
      // Threads that read the file side by side meet the loss together. One speaks; the others wait for its end.
      while MappedFileLoss.isEnding.exchange(true, ordering: .relaxed) { pause() }
      // A handler may call little: these are among what it may.
      write(STDERR_FILENO, MappedFileLoss.message.utf8Start, MappedFileLoss.message.utf8CodeUnitCount)
      Terminal.restore()
      _exit(EXIT_FAILURE)
    }
    isEnding.store(false, ordering: .relaxed)  // A first use inside a handler would not be safe.
    signal(SIGBUS, handler)
  }
}
