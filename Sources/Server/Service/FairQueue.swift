/// Requests that wait: clients take turns, and the requests of one client keep their order.
package struct FairQueue {
  /// A request's number.
  package typealias Number = Int

  /// Whose request each number is.
  private var clients: [Number: String] = [:]
  /// The requests of each client in the order in which they came.
  private var lines: [String: ArraySlice<Number>] = [:]
  /// Clients with waiting requests, the next to be served first.
  private var turns: ArraySlice<String> = []

  package init() {}

  /// How many requests wait.
  var count: Int { clients.count }
  package var isEmpty: Bool { clients.isEmpty }

  /// Whether a request waits.
  func contains(_ number: Number) -> Bool { clients[number] != nil }

  /// Puts a request at the end of its client's line.
  package mutating func append(_ number: Number, client: String) {
    clients[number] = client
    if lines[client] == nil { turns.append(client) }
    lines[client, default: []].append(number)
  }

  /// Takes out the request that is next.
  package mutating func popFirst() -> Number? {
    guard let client = turns.popFirst(), let number = lines[client]?.popFirst() else { return nil }
    clients[number] = nil
    if lines[client]?.isEmpty == true { lines[client] = nil } else { turns.append(client) }
    return number
  }

  /// Takes out a request that does not want to wait any more; false if it does not wait.
  package mutating func remove(_ number: Number) -> Bool {
    guard let client = clients.removeValue(forKey: number) else { return false }
    // A line's numbers ascend.
    if let index = lines[client]?.firstIndex(of: number) { lines[client]?.remove(at: index) }
    if lines[client]?.isEmpty == true {
      lines[client] = nil
      turns.removeAll { $0 == client }
    }
    return true
  }
}
