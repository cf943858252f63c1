import Foundation
import GPTOSSPlatform

/// A program to start: what it is called with, and nothing of the environment but what is given here.
struct ProcessCommand: Equatable, Sendable {
  var executable: String
  var arguments: [String] = []
  var environment: [String: String] = [:]
  var folder: String?
}

/// A running program in a process group of its own, and our ends of its standard streams.
///
/// The group makes that Ctrl-C on the terminal does not reach it, and that what it has started can be ended
/// with it. It inherits no other open file, no blocked signal and no ignored one.
struct ChildProcess: Sendable {
  /// Also the number of the process group.
  let id: pid_t
  let input: Int32
  let output: Int32
  let error: Int32

  /// Starts a program.
  ///
  /// - Throws: `MCPError.cannotStart`.
  static func start(_ command: ProcessCommand) throws(MCPError) -> ChildProcess {
    do {
      let path = try command.findExecutable()
      if let folder = command.folder, !isFolder(folder) { throw Refusal("\(folder) is no folder") }
      return try start(path, command)
    } catch {
      throw .cannotStart(command: command.executable, problem: "\(error)")
    }
  }

  private static func start(_ path: String, _ command: ProcessCommand) throws -> ChildProcess {
    var pipes: [Pipe] = []
    func close(_ end: KeyPath<Pipe, Int32>) { pipes.forEach { _ = GPTOSSPlatform.close($0[keyPath: end]) } }
    do {
      for _ in 0..<3 { pipes.append(try Pipe()) }
      var actions = try FileActions()
      defer { actions.destroy() }
      actions.connect(pipes[0].read, to: 0)
      actions.connect(pipes[1].write, to: 1)
      actions.connect(pipes[2].write, to: 2)
      // The system cannot change the folder on the way, but a shell can.
      let arguments =
        command.folder.map {
          ["/bin/sh", "-c", "cd -- \"$1\" && shift && exec \"$@\"", "sh", $0, path] + command.arguments
        } ?? [path] + command.arguments
      let id = try spawn(
        command.folder == nil ? path : "/bin/sh", arguments, command.environment, &actions)
      _ = (GPTOSSPlatform.close(pipes[0].read), GPTOSSPlatform.close(pipes[1].write))
      _ = GPTOSSPlatform.close(pipes[2].write)
      let child = ChildProcess(
        id: id, input: pipes[0].write, output: pipes[1].read, error: pipes[2].read)
      for descriptor in [child.input, child.output, child.error] {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
      }
      return child
    } catch {
      close(\.read)
      close(\.write)
      throw error
    }
  }

  /// Sends a signal to the program and all that it has started, as far as that stayed in its group.
  func signal(_ number: Int32) { _ = kill(-id, number) }

  /// Waits until the program has ended, and leaves it to ``reap()``: its number stays its own until then.
  func waitForEnd() {
    var information = siginfo_t()
    while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
  }

  /// Gives the number of an ended program back.
  func reap() -> MCPExit { GPTOSSMCP.reap(id) }
}

/// Waits for a program and gives its number back.
func reap(_ id: pid_t) -> MCPExit {
  var status: Int32 = 0
  while waitpid(id, &status, 0) < 0, errno == EINTR {}
  // As `WIFSIGNALED` and `WEXITSTATUS`, which Swift cannot import.
  return status & 0x7F == 0 ? .code(status >> 8 & 0xFF) : .signal(status & 0x7F)
}

/// Why a program is not started.
private struct Refusal: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

private func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

extension ProcessCommand {
  /// The path of the program: as it is if it has a slash, else looked for in the PATH that the program gets.
  fileprivate func findExecutable() throws(Refusal) -> String {
    func isExecutable(_ path: String) -> Bool { !isFolder(path) && access(path, X_OK) == 0 }
    if executable.contains("/") {
      let path = executable.hasPrefix("/") ? executable : (folder.map { "\($0)/" } ?? "") + executable
      guard access(path, F_OK) == 0 else { throw Refusal("there is no such file") }
      guard isExecutable(path) else { throw Refusal("it may not be executed") }
      return path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
    let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    if let folder = folders.first(where: { isExecutable("\($0)/\(executable)") }) {
      return "\(folder)/\(executable)"
    }
    throw Refusal("no such program is in the folders of PATH")
  }
}

/// Pipes are made while no program is started, so that none inherits an end that is not marked yet.
private let spawning = Locked<Void>(())

/// Two ends of a pipe that no program inherits by accident, neither of them a standard stream.
struct Pipe {
  let read: Int32
  let write: Int32

  init() throws(SystemError) {
    (read, write) = try spawning.withLock { (_) throws(SystemError) in try Self.make() }
  }

  private static func make() throws(SystemError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SystemError(code: errno) }
    for index in ends.indices {
      let moved = fcntl(ends[index], F_DUPFD_CLOEXEC, 3)
      let code = errno
      _ = close(ends[index])
      ends[index] = moved
      guard moved >= 0 else {
        for end in index == 0 ? [ends[1]] : [ends[0]] { _ = close(end) }
        throw SystemError(code: code)
      }
    }
    return (ends[0], ends[1])
  }
}

/// What happens to open files on the way to another program.
struct FileActions {
  #if canImport(Darwin)
    var value: posix_spawn_file_actions_t?
  #else
    var value = posix_spawn_file_actions_t()
  #endif

  init() throws(SystemError) {
    let code = posix_spawn_file_actions_init(&value)
    guard code == 0 else { throw SystemError(code: code) }
  }

  mutating func destroy() { posix_spawn_file_actions_destroy(&value) }

  mutating func connect(_ descriptor: Int32, to stream: Int32) {
    posix_spawn_file_actions_adddup2(&value, descriptor, stream)
  }

  mutating func connectToNothing(_ stream: Int32) {
    posix_spawn_file_actions_addopen(&value, stream, "/dev/null", O_RDWR, 0)
  }

  /// Closes everything beside the standard streams: not all code of a program marks what it opens. On macOS a
  /// flag of `posix_spawn` does it.
  mutating func closeOthers() {
    #if os(Linux)
      guard let folder = opendir("/proc/self/fd") else { return }
      defer { closedir(folder) }
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if let descriptor = Int32(name), descriptor > 2 {
          posix_spawn_file_actions_addclose(&value, descriptor)
        }
      }
    #endif
  }
}

/// Starts a program as the leader of a new process group, with all signals as they are by default and no files
/// but its standard streams.
///
/// - Throws: `SystemError`.
func spawn(
  _ path: String, _ arguments: [String], _ environment: [String: String], _ actions: inout FileActions
) throws(SystemError) -> pid_t {
  #if canImport(Darwin)
    var attributes: posix_spawnattr_t?
    let closing = POSIX_SPAWN_CLOEXEC_DEFAULT
  #else
    var attributes = posix_spawnattr_t()
    let closing: Int32 = 0
  #endif
  var code = posix_spawnattr_init(&attributes)
  guard code == 0 else { throw SystemError(code: code) }
  defer { posix_spawnattr_destroy(&attributes) }
  var (all, none) = (sigset_t(), sigset_t())
  sigfillset(&all)
  sigemptyset(&none)
  posix_spawnattr_setsigdefault(&attributes, &all)
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setpgroup(&attributes, 0)
  let flags =
    Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK) | closing
  posix_spawnattr_setflags(&attributes, Int16(flags))
  var id: pid_t = 0
  let variables = environment.map { "\($0)=\($1)" }
  code = spawning.withLock { _ in
    actions.closeOthers()
    return withCStrings(arguments) { arguments in
      withCStrings(variables) { variables in
        posix_spawn(&id, path, &actions.value, &attributes, arguments, variables)
      }
    }
  }
  guard code == 0 else { throw SystemError(code: code) }
  return id
}

/// Gives texts as C wants lists of them.
private func withCStrings<Result>(
  _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  let copies = texts.map { strdup($0) }
  defer { copies.forEach { free($0) } }
  return (copies + [nil]).withUnsafeBufferPointer { list in
    guard let first = list.baseAddress else { preconditionFailure("a list has its end at least") }
    return body(first)
  }
}
