import GPTOSSPlatform
import Synchronization

/// The threads that compute: started once, woken for each parallel region, asleep in between.
///
/// A region is a number of tasks; the calling thread works along with the pool's own and returns when all
/// tasks are done. It waits for no thread that has not begun: where other processes keep a core busy, the
/// remaining threads do all the work. Which thread takes which task is left to chance. So a task must write
/// to places that are its own, and its result must not depend on the thread. That keeps results the same for
/// any number of threads.
///
/// A thread without work looks for it for some tens of microseconds, which is longer than the serial
/// stretches within a token, and then sleeps.
///
/// The calling thread blocks for the length of the region. Call from a thread that may block, never from
/// Swift's cooperative pool.
package final class ThreadPool: Sendable {
  /// The number of threads that work in a region, the calling thread included.
  package let threadCount: Int

  private let shared: TaskQueue
  private let shares: TaskShares
  private let oneRegionAtATime = Mutex(())

  /// The pools that somebody uses, by the number of threads that was asked for.
  private static let pools = Mutex<[Int: WeakPool]>([:])

  private struct WeakPool {
    weak var pool: ThreadPool?
  }

  /// The pool of this many threads that all who ask for it share, so that several models have no more threads
  /// than one.
  ///
  /// - Precondition: `threadCount >= 1`.
  package static func shared(threadCount: Int) -> ThreadPool {
    pools.withLock { pools in
      if let pool = pools[threadCount]?.pool { return pool }
      let pool = ThreadPool(threadCount: threadCount)
      pools[threadCount] = WeakPool(pool: pool)
      return pool
    }
  }

  /// Starts `threadCount - 1` threads; fewer, if the system refuses.
  ///
  /// - Precondition: `threadCount >= 1`.
  package init(threadCount: Int) {
    precondition(threadCount >= 1, "a pool needs at least one thread")
    let shared = TaskQueue()
    var started = 1
    for worker in 1..<threadCount {
      guard startThread({ shared.work(as: worker) }) else { break }
      started += 1
    }
    self.shared = shared
    self.threadCount = started
    shares = TaskShares(count: started)
  }

  deinit {
    shared.stop()
  }

  /// Runs `body` once for every task in `0..<taskCount` and returns when all are done.
  ///
  /// Tasks are begun in ascending order.
  ///
  /// - Parameter body: receives the task and the number of the thread that runs it,
  ///   `0..<threadCount`, for scratch memory of its own.
  /// - Precondition: `taskCount >= 0`.
  package func run(_ taskCount: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    oneRegionAtATime.withLock { _ in runHere(taskCount, body) }
  }

  /// The same, with neighboring tasks on one thread where possible: for tasks that read memory from one end
  /// to the other.
  ///
  /// - Parameter body: receives a few neighboring tasks at a time.
  package func runInShares(_ taskCount: Int, _ body: (_ tasks: Range<Int>, _ worker: Int) -> Void) {
    oneRegionAtATime.withLock { _ in
      shares.reset(taskCount)
      runHere(threadCount) { share, worker in shares.work(on: share) { body($0, worker) } }
    }
  }

  private func runHere(_ taskCount: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    if threadCount == 1 || taskCount <= 1 {
      for task in 0..<taskCount { body(task, 0) }
    } else {
      withoutActuallyEscaping(body) { shared.run(taskCount, $0) }
    }
  }
}
