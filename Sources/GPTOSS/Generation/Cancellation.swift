import Synchronization

/// Carries a task's cancellation to its generation, whichever of the two comes first.
final class Cancellation: Sendable {
  private let state = Mutex<(isCancelled: Bool, job: GenerationJob?)>((false, nil))

  func attach(_ job: GenerationJob) {
    let isCancelled = state.withLock { state in
      state.job = job
      return state.isCancelled
    }
    if isCancelled { job.cancel() }
  }

  func cancel() {
    let job = state.withLock { state in
      state.isCancelled = true
      return state.job
    }
    job?.cancel()
  }
}
