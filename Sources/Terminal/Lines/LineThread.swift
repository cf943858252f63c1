import Dispatch

/// A thread for an actor that waits for lines: waiting never blocks Swift's cooperative pool.
///
/// Dispatch's own serial executor (`DispatchSerialQueue`) exists on Apple's platforms alone.
final class LineThread: SerialExecutor {
  private let queue = DispatchQueue(label: "lines")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
