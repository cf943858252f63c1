import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The threads that compute: started once, woken for each parallel region, asleep in between.
///
/// A region is a number of tasks; the calling thread works along with the pool's own and returns when
/// all tasks are done. Which thread takes which task is left to chance, so a task must write to
/// places that are its own and its result must not depend on the thread. That keeps results the same for
/// any number of threads.
///
/// The calling thread blocks for the length of the region. Call from a thread that may block, never from
/// Swift's cooperative pool.
package final class ThreadPool: Sendable {
  /// The number of threads that work in a region, the calling thread included.
  package let threadCount: Int

  private let shared: Shared
  private let oneRegionAtATime = Mutex(())

  /// Starts `threadCount - 1` threads.
  ///
  /// - Precondition: `threadCount >= 1`.
  package init(threadCount: Int) {
    precondition(threadCount >= 1, "a pool needs at least one thread")
    let shared = Shared()
    var started = 1
    for worker in 1..<max(threadCount, 1) {
      guard Self.startThread({ shared.work(as: worker) }) else { break }
      started += 1
    }
    self.shared = shared
    self.threadCount = started
    shared.helperCount.store(started - 1, ordering: .releasing)
  }

  deinit {
    shared.stop()
  }

  /// Runs `body` once for every task in `0..<taskCount` and returns when all are done.
  ///
  /// - Parameter body: receives the task and the number of the thread that runs it,
  ///   `0..<threadCount`, for scratch memory of its own.
  package func run(_ taskCount: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    guard taskCount > 0 else { return }
    oneRegionAtATime.withLock { _ in
      if threadCount == 1 || taskCount == 1 {
        for task in 0..<taskCount { body(task, 0) }
        return
      }
      withoutActuallyEscaping(body) { body in
        shared.run(Region(body: body, taskCount: taskCount))
      }
    }
  }

  /// The work of one region. It outlives no call of `run`.
  fileprivate struct Region {
    let body: (Int, Int) -> Void
    let taskCount: Int
  }

  private static func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    final class Box {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let box = Unmanaged.passRetained(Box(body))
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(
        &thread, nil,
        { argument in
          Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
          return nil
        }, box.toOpaque())
      if status == 0, let thread { pthread_detach(thread) }
    #else
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { argument in
          if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
          return nil
        }, box.toOpaque())
      if status == 0 { pthread_detach(thread) }
    #endif
    if status != 0 { box.release() }
    return status == 0
  }
}

/// What the pool's threads share. A class of its own, so that a thread does not keep the pool alive.
private final class Shared: @unchecked Sendable {
  let helperCount = Atomic<Int>(0)

  /// Counts regions; a change is the signal to work.
  private let generation = Atomic<UInt32>(0)
  private let nextTask = Atomic<Int>(0)
  private let helpersAtWork = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  /// Written before `generation` is raised, read after it is seen raised.
  nonisolated(unsafe) private var region: ThreadPool.Region?

  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// How often a waiting thread looks before it goes to sleep: some tens of microseconds, longer than
  /// the serial stretch between two regions of a token, shorter than the time between tokens.
  private static let spinLimit = 20_000

  init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(wake, nil)
    pthread_cond_init(done, nil)
  }

  deinit {
    pthread_cond_destroy(done)
    pthread_cond_destroy(wake)
    pthread_mutex_destroy(lock)
    done.deallocate()
    wake.deallocate()
    lock.deallocate()
  }

  func run(_ region: ThreadPool.Region) {
    self.region = region
    nextTask.store(0, ordering: .relaxed)
    helpersAtWork.store(helperCount.load(ordering: .acquiring), ordering: .relaxed)
    pthread_mutex_lock(lock)
    generation.add(1, ordering: .releasing)
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(lock)
    takeTasks(of: region, worker: 0)
    for _ in 0..<Self.spinLimit where helpersAtWork.load(ordering: .acquiring) != 0 {}
    if helpersAtWork.load(ordering: .acquiring) != 0 {
      pthread_mutex_lock(lock)
      while helpersAtWork.load(ordering: .acquiring) != 0 { pthread_cond_wait(done, lock) }
      pthread_mutex_unlock(lock)
    }
    self.region = nil
  }

  func work(as worker: Int) {
    var seen: UInt32 = 0
    while true {
      seen = waitForRegion(after: seen)
      if stopped.load(ordering: .acquiring) { return }
      if let region { takeTasks(of: region, worker: worker) }
      if helpersAtWork.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
        pthread_mutex_lock(lock)
        pthread_cond_signal(done)
        pthread_mutex_unlock(lock)
      }
    }
  }

  func stop() {
    stopped.store(true, ordering: .releasing)
    pthread_mutex_lock(lock)
    generation.add(1, ordering: .releasing)
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(lock)
  }

  private func takeTasks(of region: ThreadPool.Region, worker: Int) {
    while true {
      let task = nextTask.add(1, ordering: .relaxed).oldValue
      if task >= region.taskCount { return }
      region.body(task, worker)
    }
  }

  private func waitForRegion(after seen: UInt32) -> UInt32 {
    for _ in 0..<Self.spinLimit {
      let now = generation.load(ordering: .acquiring)
      if now != seen { return now }
    }
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while generation.load(ordering: .acquiring) == seen { pthread_cond_wait(wake, lock) }
    return generation.load(ordering: .acquiring)
  }
}
