import GPTOSSPlatform
package import GPTOSSStructuredOutput

/// Compiles schemas on threads of its own: neither where the model computes nor where tasks run.
///
/// At most half of the processors compile at a time, and they do so in turns, so that a schema of the largest
/// cost holds nobody: one that has had no turn comes before those that have, the newest first.
package final class CompilationQueue: Sendable {
  /// That of the process.
  package static let shared = CompilationQueue(parallel: max(1, availableThreadCount() / 2), limit: 128)

  /// Makes what all schemas share, behind those that wait. Servers do so while they start.
  package static func prepare() async {
    // Without a place in the queue, the first schema makes it.
    do { try await shared.run { _ throws(GPTOSSError) in prepareFormats() } } catch {}
  }

  /// How long a turn is.
  private static let turn = Duration.milliseconds(20)
  /// Who has used more than this gives memory back at the end.
  private static let largeByteCount = 8 << 20

  private let parallel: Int
  private let limit: Int
  private let monitor = Monitor()
  private let state = State()

  /// Read and written within `monitor`.
  private final class State: @unchecked Sendable {
    var running = 0
    var waiting: [Job] = []
    var nextNumber = 0
  }

  /// A request's schemas. What changes is read and written within `monitor`, or by the job's thread.
  private final class Job: @unchecked Sendable {
    var number = 0
    var turns = 0
    var isRunning = false
    var isCancelled = false
    var turnStart = ContinuousClock.now
    /// Begins the work, or says that it does not begin; nil once it has.
    var body: (@Sendable (_ isWanted: Bool) -> Void)?
  }

  /// - Parameters:
  ///   - parallel: how many compile at a time.
  ///   - limit: how many may wait.
  package init(parallel: Int, limit: Int) {
    self.parallel = parallel
    self.limit = limit
  }

  /// Waits for a turn, then compiles with a budget that takes turns and ends with the task.
  ///
  /// - Throws: what `body` throws, `GPTOSSError.tooManySchemas` if too many wait.
  package func run<Value: Sendable>(
    _ body: @escaping @Sendable (CompilationBudget) throws(GPTOSSError) -> Value
  ) async throws(GPTOSSError) -> Value {
    let job = Job()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation {
        (continuation: CheckedContinuation<Result<Value, GPTOSSError>, Never>) in
        job.body = { isWanted in
          guard isWanted else {
            return continuation.resume(returning: .failure(.structuredOutput(.cancelled)))
          }
          let budget = CompilationBudget(goesOn: { self.goesOn(job) })
          let result = Result { () throws(GPTOSSError) in try body(budget) }
          if budget.spent.bytes > Self.largeByteCount { returnFreeMemory() }
          continuation.resume(returning: result)
        }
        if !enter(job) { continuation.resume(returning: .failure(.tooManySchemas)) }
      }
    } onCancel: {
      cancel(job)
    }
    return try result.get()
  }

  private func enter(_ job: Job) -> Bool {
    monitor.enter()
    defer { monitor.leave() }
    guard state.waiting.count < limit else { return false }
    job.number = state.nextNumber
    state.nextNumber += 1
    state.waiting.append(job)
    startNext()
    return true
  }

  /// Gives free places to those who are next. Within `monitor`.
  private func startNext() {
    while state.running < parallel, let index = nextIndex() {
      let job = state.waiting.remove(at: index)
      state.running += 1
      job.isRunning = true
      job.turnStart = .now
      guard let body = job.body else {
        monitor.wakeAll()
        continue
      }
      job.body = nil
      let isStarted = startThread {
        body(true)
        self.end()
      }
      if !isStarted {
        state.running -= 1
        body(false)
      }
    }
  }

  /// Who is next: those who only have to end, then those with the fewest turns, the newest of them.
  private func nextIndex() -> Int? {
    state.waiting.indices.min { left, right in
      let (left, right) = (state.waiting[left], state.waiting[right])
      if left.isCancelled != right.isCancelled { return left.isCancelled }
      return left.turns != right.turns ? left.turns < right.turns : left.number > right.number
    }
  }

  private func end() {
    monitor.enter()
    state.running -= 1
    startNext()
    monitor.leave()
  }

  /// Lets others have their turn, if this one is over.
  ///
  /// - Returns: whether the work is still wanted.
  private func goesOn(_ job: Job) -> Bool {
    monitor.enter()
    defer { monitor.leave() }
    if !job.isCancelled, !state.waiting.isEmpty, .now - job.turnStart >= Self.turn {
      job.turns += 1
      job.isRunning = false
      state.running -= 1
      state.waiting.append(job)
      startNext()
      while !job.isRunning { monitor.sleep() }
    }
    return !job.isCancelled
  }

  private func cancel(_ job: Job) {
    monitor.enter()
    job.isCancelled = true
    var body: (@Sendable (Bool) -> Void)?
    if let index = state.waiting.firstIndex(where: { $0 === job && $0.body != nil }) {
      state.waiting.remove(at: index)
      body = job.body
      job.body = nil
    }
    startNext()
    monitor.leave()
    body?(false)
  }
}
