import Synchronization

/// Work without pauses that may take a second, such as reading a request of megabytes.
///
/// Swift's tasks share as many threads as there are processors. As much work on them as there are threads
/// would keep everything else from going on, an answer to `/health` too. Where such work is expected, it runs
/// on threads of its own.
package enum LongWork {
  /// Whether it is expected in this task and in those that it starts.
  @TaskLocal package static var isExpected = false

  /// Does some work: here, or on a thread of its own if it is expected to be long.
  ///
  /// - Throws: what `body` throws.
  package static func run<Value, Failure>(
    _ body: () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    try await withTaskExecutorPreference(isExpected ? LongWorkExecutor.shared : nil, operation: body)
  }
}

/// Runs tasks on threads of its own, at most half as many as there are processors. They end when there is
/// nothing to do.
private final class LongWorkExecutor: TaskExecutor {
  static let shared = LongWorkExecutor()

  private let threadLimit = max(1, availableThreadCount() / 2)
  private let state = Mutex(State())

  private struct State {
    var jobs: [UnownedJob] = []
    var threadCount = 0
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let needsThread = state.withLock { state in
      state.jobs.append(job)
      guard state.threadCount < threadLimit else { return false }
      state.threadCount += 1
      return true
    }
    // Without threads of its own, work is done where it would have been done otherwise.
    if needsThread, !startThread({ self.run() }) { Task.detached { self.run() } }
  }

  /// Does what waits, in the order in which it came.
  private func run() {
    while let job = next() { job.runSynchronously(on: asUnownedTaskExecutor()) }
  }

  /// The next job; nil if the thread may end.
  private func next() -> UnownedJob? {
    state.withLock { state in
      guard !state.jobs.isEmpty else {
        state.threadCount -= 1
        return nil
      }
      return state.jobs.removeFirst()
    }
  }
}
