package import GPTOSS
import GPTOSSPlatform

/// One request and its answer: what the log has of it, and how to break it off.
package final class Exchange: Sendable {
  /// What the log has of a request.
  package struct Record: Sendable {
    /// The id that the answer's header `x-request-id` has, too.
    package let id: String
    package var method = ""
    package var path = ""
    /// The client's address.
    package let client: String
    /// The HTTP status; 499, as in nginx, if the client went away.
    package var status = 0
    /// The time from the request to the end of its answer.
    package var seconds = 0.0

    /// The model that was asked for; nil if the request names none.
    package var model: String?
    var isStreamed = false
    /// The types of tools that were left out because they cannot be run here.
    package var unsupportedTools: [String] = []
    /// What of the request's configuration is ignored.
    package var ignored: [String] = []
    /// What of the tools' schemas is not held.
    package var notHeld: [String] = []
    /// What the user should know of the model that answers; nil for nothing.
    package var warning: String?
    var promptTokens = 0
    var cachedTokens = 0
    /// Why no more of the prompt was in the cache; nil for nothing.
    var cacheMiss: String?
    package var generatedTokens = 0
    var stopReasons: [StopReason] = []
    var error: ServerError?

    /// The bodies of request and answer; nil unless the log is to have them.
    package var contents: (request: String, answer: String)?

    /// Notes what of the tools' schemas is not held, as far as a header has room for it.
    mutating func tell(_ notices: [ConstraintNotice]) {
      notHeld = notices.prefix(Exchange.noticeLimit).map {
        $0.description.shortened(to: Exchange.noticeLengthLimit)
      }
    }
  }

  /// How much of what is not held the log and the answer's header tell.
  private static let noticeLimit = 16
  private static let noticeLengthLimit = 160

  private let state: Locked<State>

  private struct State {
    var record: Record
    var cancel: (@Sendable () -> Void)?
    var holdsToolKey = false
    var isCancelled = false
    /// The room of the request's body.
    var body: BodyHold?
    /// Generations that have not ended.
    var remaining = 0
    var isComplete = false
  }

  package init(client: String, id: String = "") {
    state = Locked(State(record: Record(id: id, client: client)))
  }

  package var record: Record { state.withLock { $0.record } }

  /// Whether the exchange was broken off before its answer was complete.
  package var isCancelled: Bool { state.withLock { $0.isCancelled } }

  /// Whether the client has shown the key for tools that run here (``Gate/holdsToolKey(_:)``).
  package var holdsToolKey: Bool {
    get { state.withLock(\.holdsToolKey) }
    set { state.withLock { $0.holdsToolKey = newValue } }
  }

  /// Notes something for the log.
  package func note(_ change: (inout Record) -> Void) { state.withLock { change(&$0.record) } }

  /// Keeps the room of the request's body until the end of the answer.
  package func keep(_ body: BodyHold) { state.withLock { $0.body = body } }

  /// Sets how many generations the answer consists of.
  package func expect(_ count: Int) { state.withLock { $0.remaining = count } }

  /// Notes the end of a generation.
  package func note(_ statistics: GenerationStatistics) {
    state.withLock { state in
      state.record.promptTokens += statistics.promptTokens
      state.record.cachedTokens += statistics.cachedTokens
      state.record.cacheMiss = state.record.cacheMiss ?? statistics.cacheMiss
      state.record.generatedTokens += statistics.generatedTokens
      state.record.stopReasons.append(statistics.stopReason)
      state.remaining -= 1
      if state.remaining == 0 { state.isComplete = true }
    }
  }

  /// Notes that nothing is left to compute: if the client goes now, it has not broken anything off.
  func complete() { state.withLock { $0.isComplete = true } }

  /// Sets what ends the work for this request. It is called at once if the client has already gone.
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

  /// Notes the end of the answer and releases what ``onCancel(_:)`` was given.
  ///
  /// - Returns: what the log has of the request.
  func end(status: Int, seconds: Double) -> Record {
    state.withLock { state in
      state.cancel = nil
      state.body = nil
      state.record.status = state.isCancelled ? 499 : status
      state.record.seconds = seconds
      return state.record
    }
  }
}
