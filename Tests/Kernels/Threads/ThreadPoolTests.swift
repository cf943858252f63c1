import GPTOSSKernels
import GPTOSSPlatform
import Synchronization
import Testing

/// If these fail, tasks are lost, run twice, or wait forever.
struct ThreadPoolTests {
  @Test(arguments: [1, 2, 3, 8])
  func everyTaskRunsOnce(threads: Int) {
    let pool = ThreadPool(threadCount: threads)
    for taskCount in [0, 1, 2, 7, 1_000] {
      let runs = counts(taskCount) { count in
        pool.run(taskCount) { task, worker in
          #expect(worker >= 0 && worker < threads)
          count(task)
        }
      }
      #expect(runs.allSatisfy { $0 == 1 }, "\(taskCount) tasks")
    }
  }

  /// Cut into one run of neighbors per thread, the tasks are the same.
  @Test(arguments: [1, 2, 3, 8])
  func everyTaskOfAShareRunsOnce(threads: Int) {
    let pool = ThreadPool(threadCount: threads)
    for taskCount in [0, 1, 2, 7, 1_000, 3] {
      let runs = counts(taskCount) { count in
        pool.runInShares(taskCount) { tasks, worker in
          #expect(worker >= 0 && worker < threads && !tasks.isEmpty)
          for task in tasks { count(task) }
        }
      }
      #expect(runs.allSatisfy { $0 == 1 }, "\(taskCount) tasks")
    }
  }

  /// How often each task was counted. Every task has a number of its own, without a lock: the thread
  /// sanitizer then sees a task that two threads run, and a region that returns too early.
  private func counts(_ taskCount: Int, _ region: (_ count: (_ task: Int) -> Void) -> Void) -> [Int] {
    let runs = UnsafeMutableBufferPointer<Int>.allocate(capacity: taskCount)
    runs.initialize(repeating: 0)
    defer { runs.deallocate() }
    region { runs[$0] += 1 }
    return Array(runs)
  }

  @Test func regionsFollowOneAnother() {
    let pool = ThreadPool(threadCount: 3)
    let total = Atomic<Int>(0)
    for region in 0..<2_000 {
      pool.run(5) { task, _ in total.add(task, ordering: .relaxed) }
      #expect(total.load(ordering: .relaxed) == (region + 1) * 10)
    }
  }

  /// Threads sleep between regions and are found again.
  @Test func regionsWithPausesBetweenThem() {
    let pool = ThreadPool(threadCount: 4)
    let total = Atomic<Int>(0)
    for region in 0..<20 {
      var pause = timespec(tv_sec: 0, tv_nsec: 2_000_000)
      nanosleep(&pause, nil)
      pool.run(9) { _, _ in total.add(1, ordering: .relaxed) }
      #expect(total.load(ordering: .relaxed) == (region + 1) * 9)
    }
  }

  /// What a task writes is seen after the region, and what was written before the region is seen in it.
  @Test func memoryIsHandedOver() {
    let pool = ThreadPool(threadCount: 4)
    let numbers = UnsafeMutableBufferPointer<Int>.allocate(capacity: 64)
    defer { numbers.deallocate() }
    numbers.initialize(repeating: 0)
    nonisolated(unsafe) let shared = numbers
    for region in 1...500 {
      pool.run(64) { task, _ in shared[task] += 1 }
      #expect(numbers.allSatisfy { $0 == region })
    }
  }

  @Test func poolsComeAndGo() {
    for threads in 1...40 {
      let pool = ThreadPool(threadCount: threads % 5 + 1)
      let total = Atomic<Int>(0)
      pool.run(threads) { _, _ in total.add(1, ordering: .relaxed) }
      #expect(total.load(ordering: .relaxed) == threads)
    }
  }

  /// Callers take turns.
  @Test func manyCallers() async {
    final class Total: Sendable {
      let value = Atomic<Int>(0)
    }
    let pool = ThreadPool(threadCount: 3)
    let total = Total()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<50 { pool.run(7) { _, _ in total.value.add(1, ordering: .relaxed) } }
        }
      }
    }
    #expect(total.value.load(ordering: .relaxed) == 8 * 50 * 7)
  }
}
