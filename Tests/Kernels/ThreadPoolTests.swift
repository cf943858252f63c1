import GPTOSSKernels
import Synchronization
import Testing

struct ThreadPoolTests {
  @Test(arguments: [1, 2, 3, 8])
  func everyTaskRunsOnce(threads: Int) {
    let pool = ThreadPool(threadCount: threads)
    for taskCount in [0, 1, 2, 7, 1_000] {
      let runs = Mutex([Int](repeating: 0, count: taskCount))
      pool.run(taskCount) { task, worker in
        #expect(worker >= 0 && worker < threads)
        runs.withLock { $0[task] += 1 }
      }
      #expect(runs.withLock { $0.allSatisfy { $0 == 1 } })
    }
  }

  @Test func regionsFollowOneAnother() {
    let pool = ThreadPool(threadCount: 3)
    let total = Atomic<Int>(0)
    for region in 0..<2_000 {
      pool.run(5) { task, _ in total.add(task, ordering: .relaxed) }
      #expect(total.load(ordering: .relaxed) == (region + 1) * 10)
    }
  }
}
