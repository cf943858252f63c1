/// Waiting requests: first come, first served among those of one client, and the clients take turns.
package struct FairQueue {
  /// A request's number.
  package typealias Number = Int

  private var waiting: [String: [Number]] = [:]
  /// Clients with waiting requests, the next to be served first.
  private var turns: [String] = []
  private(set) var count = 0

  package init() {}

  package var isEmpty: Bool { count == 0 }

  /// Whether a request waits.
  func contains(_ number: Number) -> Bool { waiting.values.contains { $0.contains(number) } }

  /// Puts a request at the end of its client's line.
  package mutating func append(_ number: Number, client: String) {
    if waiting[client] == nil { turns.append(client) }
    waiting[client, default: []].append(number)
    count += 1
  }

  /// Takes out the request that is next.
  package mutating func popFirst() -> Number? {
    guard let client = turns.first, var line = waiting[client] else { return nil }
    turns.removeFirst()
    let number = line.removeFirst()
    waiting[client] = line.isEmpty ? nil : line
    if !line.isEmpty { turns.append(client) }
    count -= 1
    return number
  }

  /// Takes out a request that does not want to wait any more; false if it does not wait.
  package mutating func remove(_ number: Number) -> Bool {
    for (client, line) in waiting {
      guard let index = line.firstIndex(of: number) else { continue }
      var line = line
      line.remove(at: index)
      waiting[client] = line.isEmpty ? nil : line
      if line.isEmpty { turns.removeAll { $0 == client } }
      count -= 1
      return true
    }
    return false
  }
}
