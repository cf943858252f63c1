import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A thread of its own for the actor that computes, so that hours of arithmetic never block Swift's cooperative pool.
final class InferenceThread: SerialExecutor {
  private let queue: JobQueue

  init() {
    let queue = JobQueue()
    self.queue = queue
    queue.startThread()
  }

  deinit { queue.stop() }

  func enqueue(_ job: consuming ExecutorJob) {
    queue.append(UnownedJob(job), for: asUnownedSerialExecutor())
  }
}

/// The jobs that wait, shared by the executor and its thread; the thread does not keep the executor alive.
private final class JobQueue: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// All below are read and written with `lock` held.
  private var jobs: [(UnownedJob, UnownedSerialExecutor)] = []
  private var isStopped = false

  init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(wake, nil)
  }

  deinit {
    pthread_cond_destroy(wake)
    pthread_mutex_destroy(lock)
    wake.deallocate()
    lock.deallocate()
  }

  func startThread() {
    let argument = Unmanaged.passRetained(self)
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let status = pthread_create(
      &thread, nil,
      { argument in
        let opaque: UnsafeMutableRawPointer? = argument
        if let opaque { Unmanaged<JobQueue>.fromOpaque(opaque).takeRetainedValue().run() }
        return nil
      }, argument.toOpaque())
    precondition(status == 0, "the system starts no more threads (pthread_create: \(status))")
    #if canImport(Darwin)
      if let thread { pthread_detach(thread) }
    #else
      pthread_detach(thread)
    #endif
  }

  func append(_ job: UnownedJob, for executor: UnownedSerialExecutor) {
    pthread_mutex_lock(lock)
    jobs.append((job, executor))
    pthread_cond_signal(wake)
    pthread_mutex_unlock(lock)
  }

  func stop() {
    pthread_mutex_lock(lock)
    isStopped = true
    pthread_cond_signal(wake)
    pthread_mutex_unlock(lock)
  }

  private func run() {
    while true {
      pthread_mutex_lock(lock)
      while jobs.isEmpty && !isStopped { pthread_cond_wait(wake, lock) }
      let waiting = jobs
      jobs = []
      let isStopped = isStopped
      pthread_mutex_unlock(lock)
      for (job, executor) in waiting { job.runSynchronously(on: executor) }
      if isStopped && waiting.isEmpty { return }
    }
  }
}
