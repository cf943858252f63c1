import Synchronization

/// The tasks of a region, cut into one run of neighbors per thread.
///
/// Each thread works through its own run from front to back, so that what it fetches ahead of a task is its
/// own next task's. Then it takes what is left of the others' runs (*work stealing*).
final class TaskShares: @unchecked Sendable {
  /// Each run's next task, on a cache line of its own.
  private let next: UnsafeMutablePointer<Atomic<Int>>
  private let shareCount: Int
  private var taskCount = 0

  private static let perCacheLine = 8
  /// Tasks that are claimed at once at most, fewer toward a share's end, so that the threads end together.
  private static let largestClaim = 4

  init(count: Int) {
    shareCount = count
    next = .allocate(capacity: count * Self.perCacheLine)
    for share in 0..<count { (next + share * Self.perCacheLine).initialize(to: Atomic(0)) }
  }

  deinit {
    for share in 0..<shareCount { (next + share * Self.perCacheLine).deinitialize(count: 1) }
    next.deallocate()
  }

  /// Cuts `0..<taskCount`; before the region begins.
  func reset(_ taskCount: Int) {
    self.taskCount = taskCount
    for share in 0..<shareCount {
      next[share * Self.perCacheLine].store(bounds(share).lowerBound, ordering: .relaxed)
    }
  }

  /// Runs a share's tasks, and then those of other shares that nobody has begun.
  func work(on first: Int, _ body: (_ tasks: Range<Int>) -> Void) {
    for offset in 0..<shareCount {
      let share = (first + offset) % shareCount
      let end = bounds(share).upperBound
      while true {
        let left = end - next[share * Self.perCacheLine].load(ordering: .relaxed)
        let count = max(1, min(left / 2, Self.largestClaim))
        let task = next[share * Self.perCacheLine].add(count, ordering: .relaxed).oldValue
        guard task < end else { break }
        body(task..<min(task + count, end))
      }
    }
  }

  private func bounds(_ share: Int) -> Range<Int> {
    share * taskCount / shareCount..<(share + 1) * taskCount / shareCount
  }
}
