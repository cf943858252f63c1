import Dispatch

/// A thread for the actors that wait for lines, so that waiting never blocks Swift's cooperative pool.
final class LineThread: SerialExecutor {
  private let queue = DispatchQueue(label: "lines")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
