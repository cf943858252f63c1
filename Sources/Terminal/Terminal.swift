import Foundation
import Synchronization

/// The terminal that standard input and output are.
///
/// Its mode is restored on every way out that a process can see: the end, errors, Ctrl-Z, hang-up, crashes.
package enum Terminal {
  /// How the terminal treats what is typed.
  enum Mode {
    /// As it was found.
    case asFound
    /// Every key comes at once and is not shown; Ctrl-C and Ctrl-Z are keys. Pastes are marked.
    case typing
    /// Keys wait unseen; Ctrl-C and Ctrl-Z are signals.
    case watching
  }

  /// Whether lines can be edited here: standard input and output are a terminal that can move its cursor.
  package static var canEditLines: Bool {
    isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && hasCursor
  }

  /// Whether the environment names a terminal that can move its cursor and dim text.
  static var hasCursor: Bool {
    let name = getenv("TERM").map { String(cString: $0) }
    return name != nil && name != "" && name != "dumb"
  }

  /// Columns and rows.
  static var size: (columns: Int, rows: Int) {
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 && size.ws_row > 0
    return isKnown ? (Int(size.ws_col), Int(size.ws_row)) : (80, 24)
  }

  /// From now on, what is typed waits unseen for the line that will be edited. What was typed before is taken
  /// off the screen, and waits as well: the line will show it.
  ///
  /// To be called while the program has written nothing: what was typed stands where the cursor was.
  package static func hideTyping() {
    guard canEditLines else { return }
    enter(.watching)
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    var state = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&state, 1, 0) > 0 else { return }
    let count = read(STDIN_FILENO, &bytes, bytes.count)
    guard count > 0 else { return }
    typedAhead.withLock { $0 = Array(bytes[..<count]) }
    // A control character is shown as two.
    let text = String(decoding: bytes[..<count], as: UTF8.self).map {
      $0 < " " && $0 != "\n" ? "^x" : String($0)
    }
    let rows = LineLayout(prompt: "", before: text.joined(), after: "", columns: size.columns).rows.count - 1
    do {
      try StandardOutput.write("\r" + (rows > 0 ? "\u{1B}[\(rows)A" : "") + "\u{1B}[J")
    } catch {}  // The first line drawn will meet the same error.
  }

  /// What was typed before the program began to hide it; at the second call, nothing.
  static func takeTypedAhead() -> [UInt8] {
    typedAhead.withLock { bytes in
      defer { bytes = [] }
      return bytes
    }
  }

  private static let typedAhead = Mutex<[UInt8]>([])

  /// Changes the mode.
  static func enter(_ mode: Mode) {
    guard let modes = modes ?? takeOver() else { return }
    var new = modes[0]
    if mode != .asFound {
      new.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN | (mode == .typing ? ISIG : 0))
      // Otherwise Ctrl-C would throw away what is written and not yet shown.
      new.c_lflag |= tcflag_t(NOFLSH)
      new.c_iflag &= ~tcflag_t(ICRNL | INLCR | IXON)
      withUnsafeMutableBytes(of: &new.c_cc) {
        $0[Int(VMIN)] = 1
        $0[Int(VTIME)] = 0
      }
    }
    isChanging.store(true, ordering: .sequentiallyConsistent)
    defer { isChanging.store(false, ordering: .sequentiallyConsistent) }
    // A signal is ending the program, and has restored the terminal.
    if isLeaving.load(ordering: .sequentiallyConsistent) { return }
    modes[1] = new
    if isMarkingPastes, mode != .typing { markPastes(false) }
    isMarkingPastes = mode == .typing
    apply()
  }

  /// Restores the mode that was found. Safe in signal handlers.
  package static func restore() {
    guard let modes else { return }
    tcsetattr(STDIN_FILENO, TCSANOW, modes)
    if isMarkingPastes { markPastes(false) }
  }

  /// Discards what was typed and not yet read.
  static func discardInput() { tcflush(STDIN_FILENO, TCIFLUSH) }

  /// Stops the program as Ctrl-Z does; ``continuations`` counts up when it goes on.
  static func suspend() { kill(0, SIGTSTP) }

  /// How often the program was continued after a stop, so that its lines have to be drawn anew.
  static var continuations: Int { continued.load(ordering: .relaxed) }

  // Signal handlers read what follows: it is set before they are installed, and takes no locks.

  /// The mode that was found, and the current one.
  nonisolated(unsafe) private static var modes: UnsafeMutablePointer<termios>?
  nonisolated(unsafe) private static var isMarkingPastes = false
  private static let continued = Atomic(0)
  /// Whether a thread is changing the mode, and whether a signal is about to end or stop the program.
  private static let isChanging = Atomic(false)
  private static let isLeaving = Atomic(false)

  /// Remembers the mode and begins to listen to signals.
  private static func takeOver() -> UnsafeMutablePointer<termios>? {
    var found = termios()
    guard tcgetattr(STDIN_FILENO, &found) == 0 else { return nil }
    let modes = UnsafeMutablePointer<termios>.allocate(capacity: 2)
    modes.initialize(repeating: found, count: 2)
    self.modes = modes
    // Initializes what would otherwise be initialized at its first use, in a handler.
    continued.store(0, ordering: .relaxed)
    isChanging.store(false, ordering: .relaxed)
    isLeaving.store(false, ordering: .relaxed)
    // Restoring the mode from the background would stop the process.
    signal(SIGTTOU, SIG_IGN)
    // SIGBUS is for ``MappedFileLoss``.
    for number in [SIGTSTP, SIGHUP, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSEGV] {
      listen(to: number)
    }
    return modes
  }

  private static func listen(to number: Int32) {
    var inherited = sigaction()
    sigaction(number, nil, &inherited)
    guard !inherited.isIgnoring else { return }
    // An empty mask: the handler blocks no other signals.
    var action = sigaction()
    let handler: @convention(c) (Int32) -> Void = { number in
      Terminal.isLeaving.store(true, ordering: .sequentiallyConsistent)
      // Lets another thread finish its change. Not for ever: it may be this thread that was interrupted in
      // one.
      var patience = 100
      while Terminal.isChanging.load(ordering: .sequentiallyConsistent), patience > 0 {
        usleep(1000)
        patience -= 1
      }
      Terminal.restore()
      signal(number, SIG_DFL)
      raise(number)
      // Only a process that stopped and was continued comes here.
      Terminal.isLeaving.store(false, ordering: .sequentiallyConsistent)
      Terminal.listen(to: number)
      Terminal.apply()
      Terminal.continued.add(1, ordering: .relaxed)
    }
    #if os(Linux)
      action.__sigaction_handler.sa_handler = handler
    #else
      action.__sigaction_u.__sa_handler = handler
    #endif
    // Lets the handler raise its own signal.
    action.sa_flags = SA_NODEFER
    sigaction(number, &action, nil)
  }

  private static func apply() {
    guard let modes else { return }
    tcsetattr(STDIN_FILENO, TCSANOW, modes + 1)
    if isMarkingPastes { markPastes(true) }
  }

  /// Asks the terminal to mark pastes, or not to.
  private static func markPastes(_ isOn: Bool) {
    let sequence: StaticString = isOn ? "\u{1B}[?2004h" : "\u{1B}[?2004l"
    _ = write(STDOUT_FILENO, sequence.utf8Start, sequence.utf8CodeUnitCount)
  }
}
