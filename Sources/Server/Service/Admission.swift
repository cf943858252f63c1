import GPTOSSPlatform

/// Decides who may generate now: a fixed number of generations run at a time, and a bounded queue waits.
package final class Admission: Sendable {
  /// The most generations at a time.
  let parallel: Int
  /// The most generations that wait.
  let queueLimit: Int
  /// The most generations of one request. A server that does nothing else takes more than wait otherwise: as
  /// many as OpenAI's API has choices.
  var largestRequest: Int { max(128, parallel + queueLimit) }

  private let state: Locked<State>

  private typealias Waiter = CheckedContinuation<Void, any Error>

  private struct State {
    var nextNumber = 0
    /// When each generation that runs got its slot.
    var running: [Int: ContinuousClock.Instant] = [:]
    var queue = FairQueue()
    /// The tasks of those generations in the queue that already wait for their slot.
    var waiters: [Int: Waiter] = [:]
    /// How long a slot is held: a moving average.
    var secondsPerGeneration = 1.0
    var isStopping = false
  }

  package init(parallel: Int, queueLimit: Int) {
    precondition(parallel >= 1 && queueLimit >= 0)
    self.parallel = parallel
    self.queueLimit = queueLimit
    state = Locked(State())
  }

  /// How many generations have a slot, and how many wait for one.
  package var counts: (running: Int, waiting: Int) { state.withLock { ($0.running.count, $0.queue.count) } }

  /// Gives the generations of one request a place each: a slot, or a place in the queue.
  ///
  /// - Parameter client: whose turn it is; clients take turns.
  /// - Throws: `ServerError.busy` when the queue cannot take all of them, `ServerError.stopping`.
  package func enter(client: String, count: Int = 1) throws(ServerError) -> [Place] {
    let numbers = state.withLock { state -> Result<[Int], ServerError> in
      guard !state.isStopping else { return .failure(.stopping) }
      let free = state.queue.isEmpty ? parallel - state.running.count : 0
      let isIdle = state.queue.isEmpty && state.running.isEmpty
      guard count - free + state.queue.count <= queueLimit || isIdle && count <= largestRequest else {
        return .failure(.busy(retryAfter: retryAfter(state)))
      }
      let numbers = Array(state.nextNumber..<state.nextNumber + count)
      state.nextNumber += count
      for number in numbers {
        if state.running.count < parallel, state.queue.isEmpty {
          state.running[number] = .now
        } else {
          state.queue.append(number, client: client)
        }
      }
      return .success(numbers)
    }
    return try numbers.get().map { Place(number: $0, admission: self) }
  }

  /// Waits for the slot of one piece of work.
  ///
  /// - Throws: as ``enter(client:count:)``; `CancellationError`.
  func slot(client: String) async throws -> Place {
    let place = try enter(client: client)[0]
    try await place.waitForSlot()
    return place
  }

  /// Lets nobody in any more. Those in the queue still get their turn.
  package func stop() { state.withLock { $0.isStopping = true } }

  /// In how many seconds a place is likely to be free: as long as the queue takes, 1 to 60.
  private func retryAfter(_ state: State) -> Int {
    let rounds = Double(state.queue.count + 1) / Double(parallel)
    return Int(min(max(rounds * state.secondsPerGeneration, 1), 60).rounded(.up))
  }

  fileprivate func wait(_ number: Int) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome = state.withLock { state -> Result<Void, any Error>? in
          if state.running[number] != nil { return .success(()) }
          guard state.queue.contains(number) else { return .failure(CancellationError()) }
          state.waiters[number] = continuation
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      leave(number)
    }
  }

  fileprivate func leave(_ number: Int) {
    // Waiting tasks are resumed outside the lock.
    let (leaving, next) = state.withLock { state -> (Waiter?, Waiter?) in
      if let start = state.running.removeValue(forKey: number) {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        state.secondsPerGeneration += (seconds - state.secondsPerGeneration) / 8
      } else if !state.queue.remove(number) {
        return (nil, nil)
      }
      let leaving = state.waiters.removeValue(forKey: number)
      guard state.running.count < parallel, let next = state.queue.popFirst() else { return (leaving, nil) }
      state.running[next] = .now
      return (leaving, state.waiters.removeValue(forKey: next))
    }
    leaving?.resume(throwing: CancellationError())
    next?.resume()
  }
}

/// A generation's place: a slot, or one in the queue. It is given back at the latest when nothing refers to
/// it.
package final class Place: Sendable {
  private let number: Int
  private let admission: Admission

  fileprivate init(number: Int, admission: Admission) {
    self.number = number
    self.admission = admission
  }

  /// Returns when there is a slot.
  ///
  /// - Throws: `CancellationError`.
  package func waitForSlot() async throws { try await admission.wait(number) }

  /// Gives the place back, for the next to have.
  package func leave() { admission.leave(number) }

  deinit { leave() }
}
