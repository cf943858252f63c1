package import GPTOSSJSON
import Synchronization

/// Responses that are kept for `previous_response_id`, for a limited time and in a limited number.
///
/// The oldest are dropped first. Nothing is written to disk.
package final class ResponseStore: Sendable {
  /// How much is kept.
  package struct Limits: Sendable {
    let count: Int
    let byteCount: Int
    let age: Duration

    package init(count: Int = 1000, byteCount: Int = 64 << 20, age: Duration = .seconds(3600)) {
      self.count = count
      self.byteCount = byteCount
      self.age = age
    }
  }

  /// A kept response.
  package struct Entry: Sendable {
    /// The response as it was sent.
    package var response: JSONValue
    /// The conversation, with the response's items at its end.
    package var conversation: [JSONValue]

    package init(response: JSONValue, conversation: [JSONValue]) {
      self.response = response
      self.conversation = conversation
    }
  }

  private let limits: Limits
  private let state = Mutex(State())

  private struct State {
    var kept: [Kept] = []
    var byteCount = 0
  }

  private struct Kept {
    let id: String
    let entry: Entry
    let byteCount: Int
    let time: ContinuousClock.Instant
  }

  package init(_ limits: Limits = Limits()) { self.limits = limits }

  /// Keeps a response, unless it alone is larger than the limit.
  package func keep(_ id: String, _ entry: Entry, now: ContinuousClock.Instant = .now) {
    let byteCount = entry.response.text.utf8.count + entry.conversation.reduce(0) { $0 + $1.text.utf8.count }
    guard byteCount <= limits.byteCount else { return }
    state.withLock { state in
      state.kept.append(Kept(id: id, entry: entry, byteCount: byteCount, time: now))
      state.byteCount += byteCount
      drop(&state, now)
    }
  }

  /// The response with this id, if it is still kept.
  package func entry(_ id: String, now: ContinuousClock.Instant = .now) -> Entry? {
    state.withLock { state in
      drop(&state, now)
      return state.kept.last { $0.id == id }?.entry
    }
  }

  /// The item with this id, of any kept response.
  package func item(_ id: String, now: ContinuousClock.Instant = .now) -> JSONValue? {
    state.withLock { state in
      drop(&state, now)
      for kept in state.kept.reversed() {
        if let item = kept.entry.conversation.last(where: { $0["id"]?.stringValue == id }) { return item }
      }
      return nil
    }
  }

  /// Drops a response; false if it is not kept.
  package func remove(_ id: String) -> Bool {
    state.withLock { state in
      guard let index = state.kept.lastIndex(where: { $0.id == id }) else { return false }
      state.byteCount -= state.kept.remove(at: index).byteCount
      return true
    }
  }

  private func drop(_ state: inout State, _ now: ContinuousClock.Instant) {
    while let oldest = state.kept.first,
      state.kept.count > limits.count || state.byteCount > limits.byteCount || now - oldest.time > limits.age
    {
      state.kept.removeFirst()
      state.byteCount -= oldest.byteCount
    }
  }
}
