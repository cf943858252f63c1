package import GPTOSS
import Synchronization

/// One request and its answer: who asks, what came of it, and how to break it off.
package final class Exchange: Sendable {
  /// What the log tells of a request.
  package struct Record: Sendable {
    package var id = ""
    package var method = ""
    package var path = ""
    /// Who asks: the address.
    package let client: String
    /// The status of HTTP; 499 for a client that went away, as nginx has it.
    package var status = 0
    /// From the request to the end of its answer.
    package var seconds = 0.0

    /// The name of the model that is asked for; nil where none is.
    package var model: String?
    var isStreamed = false
    var promptTokens = 0
    var cachedTokens = 0
    package var generatedTokens = 0
    var stopReasons: [StopReason] = []
    var error: ServerError?

    /// The body of the request and the text of the answer; nil unless the log is to have them.
    package var contents: (request: String, answer: String)?
  }

  private let state: Mutex<State>

  private struct State {
    var record: Record
    var cancel: (@Sendable () -> Void)?
    var isCancelled = false
    /// Generations that have not ended.
    var remaining = 0
    var isComplete = false
  }

  package init(client: String) { state = Mutex(State(record: Record(client: client))) }

  package var record: Record { state.withLock { $0.record } }

  /// Whether the client went away before the answer was complete, or it was broken off for another reason.
  package var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// Changes what the log will tell.
  package func note(_ change: (inout Record) -> Void) { state.withLock { change(&$0.record) } }

  /// Says how many generations the answer consists of.
  package func expect(_ count: Int) { state.withLock { $0.remaining = count } }

  /// Notes the end of a generation.
  package func note(_ statistics: GenerationStatistics) {
    state.withLock { state in
      state.record.promptTokens += statistics.promptTokens
      state.record.cachedTokens += statistics.cachedTokens
      state.record.generatedTokens += statistics.generatedTokens
      state.record.stopReasons.append(statistics.stopReason)
      state.remaining -= 1
      if state.remaining == 0 { state.isComplete = true }
    }
  }

  /// Says that there is nothing left to compute: a client that goes now has what it wanted.
  func complete() { state.withLock { $0.isComplete = true } }

  /// Says what ends the work for this request; it is called at once if the client has already gone.
  package func onCancel(_ cancel: @escaping @Sendable () -> Void) {
    let isLate = state.withLock { state in
      state.cancel = cancel
      return state.isCancelled
    }
    if isLate { cancel() }
  }

  /// Ends the work, because the client has gone.
  package func cancel() {
    state.withLock { state in
      if state.isComplete { return nil as (@Sendable () -> Void)? }
      state.isCancelled = true
      return state.cancel
    }?()
  }

  /// Notes the end of the answer, and lets go of what ``onCancel(_:)`` was given.
  ///
  /// - Returns: what the log tells.
  func end(status: Int, seconds: Double) -> Record {
    state.withLock { state in
      state.cancel = nil
      state.record.status = state.isCancelled ? 499 : status
      state.record.seconds = seconds
      return state.record
    }
  }
}
