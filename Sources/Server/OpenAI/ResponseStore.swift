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

    /// About what it takes of the memory.
    package var byteCount: Int {
      response.byteCount + conversation.reduce(0) { $0 + $1.byteCount }
    }
  }

  private let entries: TimedStore<Entry>

  package init(count: Int = 1000, byteCount: Int = 64 << 20, age: Duration = .seconds(3600)) {
    entries = TimedStore(count: count, byteCount: byteCount, age: age)
  }

  /// Keeps a response, unless it alone is larger than the limit.
  package func keep(_ id: String, _ entry: Entry, now: ContinuousClock.Instant = .now) {
    entries.keep(id, entry, byteCount: entry.byteCount, now: now)
  }

  /// The response with this id, if it is still kept.
  package func entry(_ id: String, now: ContinuousClock.Instant = .now) -> Entry? {
    entries.value(id, now: now)
  }

  /// The items with these ids, each of the youngest response that has it.
  package func items(_ ids: Set<String>, now: ContinuousClock.Instant = .now) -> [String: JSONValue] {
    var found: [String: JSONValue] = [:]
    guard !ids.isEmpty else { return found }
    _ = entries.first(now: now) { entry -> Bool? in
      for item in entry.conversation.reversed() where !item.isItemReference {
        guard let id = item["id"]?.stringValue, ids.contains(id), found[id] == nil else { continue }
        found[id] = item
      }
      return found.count == ids.count ? true : nil
    }
    return found
  }

  /// Drops a response; false if it is not kept.
  package func remove(_ id: String) -> Bool { entries.remove(id) }
}

extension JSONValue {
  /// About what it takes of the memory: small values take many times their text.
  fileprivate var byteCount: Int {
    switch self {
    case .null, .bool: 48
    case .number, .string: 96 + (stringValue?.utf8.count ?? 0)
    case .array(let elements): elements.reduce(96) { $0 + $1.byteCount }
    case .object(let object): object.entries.reduce(192) { $0 + 64 + $1.key.utf8.count + $1.value.byteCount }
    }
  }
}
