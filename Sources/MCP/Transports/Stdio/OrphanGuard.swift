import GPTOSSPlatform

/// Sees to it that no server outlives this program, however it ends.
///
/// A small shell waits at a pipe whose other end only this program has, and knows the process groups of the
/// servers. When the pipe breaks, this program is gone: the servers, which have lost their input by then, get
/// a second to end by themselves, are asked to end, and are killed. The shell lives while there are servers.
final class OrphanGuard: Sendable {
  static let shared = OrphanGuard()

  fileprivate struct State {
    var groups: Set<pid_t> = []
    var shell: (id: pid_t, input: Int32)?
  }

  private let state = Locked(State())

  private static let script = """
    groups=
    while read -r line; do groups=$line; done
    sleep 1
    for group in $groups; do kill -s TERM -- "-$group"; done
    sleep 1
    for group in $groups; do kill -s KILL -- "-$group"; done
    """

  /// Watches a process group.
  ///
  /// - Throws: `SystemError` if the shell cannot be started.
  func add(_ group: pid_t) throws(SystemError) {
    try state.withLock { (state) throws(SystemError) in
      if state.shell == nil { state.shell = try Self.start() }
      state.groups.insert(group)
      state.tell()
    }
  }

  /// Watches a process group no longer, before its number can be another's.
  func remove(_ group: pid_t) {
    state.withLock { state in
      guard state.groups.remove(group) != nil else { return }
      state.tell()
      guard state.groups.isEmpty, let shell = state.shell else { return }
      state.shell = nil
      // With nothing to watch it has nothing to do, and is not waited for.
      _ = kill(shell.id, SIGKILL)
      _ = reap(shell.id)
      _ = close(shell.input)
    }
  }

  private static func start() throws(SystemError) -> (id: pid_t, input: Int32) {
    let pipe = try Pipe()
    defer { _ = close(pipe.read) }
    do throws(SystemError) {
      var actions = try FileActions()
      defer { actions.destroy() }
      actions.connect(pipe.read, to: 0)
      actions.connectToNothing(1)
      actions.connectToNothing(2)
      let arguments = ["/bin/sh", "-c", script, "gptoss-mcp-guard"]
      return (try spawn("/bin/sh", arguments, ["PATH": "/usr/bin:/bin"], &actions), pipe.write)
    } catch {
      _ = close(pipe.write)
      throw error
    }
  }
}

extension OrphanGuard.State {
  /// Tells the shell what it watches now.
  fileprivate func tell() {
    guard let shell else { return }
    let line = groups.map(String.init).joined(separator: " ") + "\n"
    // A shell that is gone watches nothing; the servers still lose their input when this program ends.
    do { try withoutBrokenPipeSignal { () throws(SystemError) in try writeAll(line, to: shell.input) } } catch
    {}
  }
}
