import GPTOSSPlatform

/// A thread of its own for an actor that computes, or waits for the disk, so that hours of arithmetic never
/// block Swift's cooperative pool.
final class ActorThread: SerialExecutor {
  private let queue = JobQueue()

  /// Starts the thread, without which nothing can be computed: the process ends if the system refuses.
  init() {
    let queue = queue
    guard startThread({ queue.run() }) else { fatalError("the system starts no more threads") }
  }

  deinit { queue.stop() }

  func enqueue(_ job: consuming ExecutorJob) {
    queue.append(UnownedJob(job), for: asUnownedSerialExecutor())
  }
}

/// The jobs that wait, shared by the executor and its thread; the thread does not keep the executor alive.
private final class JobQueue: @unchecked Sendable {
  private let monitor = Monitor()
  /// Both are read and written within `monitor`.
  private var jobs: [(UnownedJob, UnownedSerialExecutor)] = []
  private var isStopped = false

  func append(_ job: UnownedJob, for executor: UnownedSerialExecutor) {
    monitor.enter()
    jobs.append((job, executor))
    monitor.wakeAll()
    monitor.leave()
  }

  func stop() {
    monitor.enter()
    isStopped = true
    monitor.wakeAll()
    monitor.leave()
  }

  /// Runs jobs in the order in which they came, until `stop`.
  func run() {
    while true {
      monitor.enter()
      while jobs.isEmpty && !isStopped { monitor.sleep() }
      let waiting = jobs
      jobs = []
      let isStopped = isStopped
      monitor.leave()
      for (job, executor) in waiting { job.runSynchronously(on: executor) }
      if isStopped && waiting.isEmpty { return }
    }
  }
}
