import Foundation

/// Standard input: what is typed, or what comes through a pipe.
package enum StandardInput {
  /// Whether a person would have to type.
  package static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }
}

/// Standard input, output and error together.
package enum StandardStreams {
  /// Opens those of the three that were closed when the program started, in a way that refuses their use.
  ///
  /// Otherwise the next file opened would take the place of one, and results would be written into that file.
  package static func occupyClosed() {
    for (descriptor, mode) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
    ]
    where fcntl(descriptor, F_GETFD) == -1 {
      // Takes the lowest free number, which is this one.
      _ = open("/dev/null", mode)
    }
  }
}
