package import GPTOSSJSON

/// Responses that are kept for `previous_response_id` (``TimedStore``).
package final class ResponseStore: Sendable {
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

  private let entries: TimedStore<Entry>

  package init(count: Int = 1000, byteCount: Int = 64 << 20, age: Duration = .seconds(3600)) {
    entries = TimedStore(count: count, byteCount: byteCount, age: age)
  }

  /// Keeps a response, unless it alone is larger than the limit.
  package func keep(_ id: String, _ entry: Entry, now: ContinuousClock.Instant = .now) {
    let byteCount = entry.response.text.utf8.count + entry.conversation.reduce(0) { $0 + $1.text.utf8.count }
    entries.keep(id, entry, byteCount: byteCount, now: now)
  }

  /// The response with this id, if it is still kept.
  package func entry(_ id: String, now: ContinuousClock.Instant = .now) -> Entry? {
    entries.value(id, now: now)
  }

  /// The item with this id, of any kept response.
  package func item(_ id: String, now: ContinuousClock.Instant = .now) -> JSONValue? {
    entries.first(now: now) { $0.conversation.last { $0["id"]?.stringValue == id } }
  }

  /// Drops a response; false if it is not kept.
  package func remove(_ id: String) -> Bool { entries.remove(id) }
}
