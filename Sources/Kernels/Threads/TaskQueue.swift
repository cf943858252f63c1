import GPTOSSCInstructions
import GPTOSSPlatform
import Synchronization

/// The tasks of one region at a time, and the threads that wait for them.
///
/// A class of its own beside `ThreadPool`, so that a thread does not keep the pool alive.
final class TaskQueue: @unchecked Sendable {
  /// Tasks that no thread has taken yet. Whoever lowers it owns a task, and with it the right to read
  /// `region`.
  private let untaken = Atomic<Int>(0)
  /// Tasks that are not done yet. Zero gives the right to write `region` back to the caller.
  private let unfinished = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  nonisolated(unsafe) private var region: Region?

  /// Threads of the pool wait here for tasks, the caller for the last of them to be done.
  private let tasks = WaitingRoom()
  private let done = WaitingRoom()

  private struct Region {
    let body: (Int, Int) -> Void
    let taskCount: Int
  }

  /// Takes part in a region as worker 0. One call at a time.
  func run(_ taskCount: Int, _ body: @escaping (_ task: Int, _ worker: Int) -> Void) {
    region = Region(body: body, taskCount: taskCount)
    unfinished.store(taskCount, ordering: .relaxed)
    untaken.store(taskCount, ordering: .sequentiallyConsistent)
    tasks.wakeAll()
    takeTasks(as: 0)
    done.wait { unfinished.load(ordering: .sequentiallyConsistent) == 0 }
    region = nil
  }

  /// Works until `stop`.
  func work(as worker: Int) {
    while true {
      tasks.wait {
        untaken.load(ordering: .sequentiallyConsistent) > 0 || stopped.load(ordering: .sequentiallyConsistent)
      }
      if stopped.load(ordering: .relaxed) { return }
      takeTasks(as: worker)
    }
  }

  func stop() {
    stopped.store(true, ordering: .sequentiallyConsistent)
    tasks.wakeAll()
  }

  private func takeTasks(as worker: Int) {
    while let left = takeTask() {
      perform(left, as: worker)
      if unfinished.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 { done.wakeAll() }
    }
  }

  /// Runs the task that was taken when `left` were left.
  ///
  /// Not inlined, so that it has let go of the region's closure when the task counts as done: the caller may
  /// return then, and the closure must not outlive the call.
  @inline(never)
  private func perform(_ left: Int, as worker: Int) {
    guard let region else { preconditionFailure("a task without a region") }
    region.body(region.taskCount - left, worker)
  }

  /// How many tasks were left, the taken one included; nil if none was.
  private func takeTask() -> Int? {
    var left = untaken.load(ordering: .relaxed)
    while left > 0 {
      let (exchanged, original) = untaken.weakCompareExchange(
        expected: left, desired: left - 1, ordering: .sequentiallyConsistent)
      if exchanged { return left }
      left = original
    }
    return nil
  }
}

/// Where threads wait for a condition on atomics: awake for a while, then asleep (an *eventcount*).
private final class WaitingRoom: @unchecked Sendable {
  private let sleepers = Atomic<Int>(0)
  private let monitor = Monitor()

  /// Looks at the condition before a thread sleeps: 20 to 100 µs, by what a pause takes on the CPU (40 cycles
  /// on Zen, 140 on Intel's).
  private static let spinCount = 2_000

  /// Returns when `condition` holds.
  ///
  /// - Parameter condition: reads atomics, sequentially consistent, that are written so before `wakeAll`.
  func wait(until condition: () -> Bool) {
    for _ in 0..<Self.spinCount {
      if condition() { return }
      pauseBriefly()
    }
    monitor.enter()
    // From here on either the writer sees the sleeper, or the sleeper sees what was written.
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while !condition() { monitor.sleep() }
    sleepers.subtract(1, ordering: .relaxed)
    monitor.leave()
  }

  /// Wakes those who sleep; costs next to nothing if none does.
  func wakeAll() {
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    monitor.enter()
    monitor.wakeAll()
    monitor.leave()
  }
}
