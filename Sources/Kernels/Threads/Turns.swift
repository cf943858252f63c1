import GPTOSSPlatform

/// A lock that threads get in the order in which they asked for it (a *ticket lock*, Reed and Kanodia 1979).
///
/// Models share the processors pass by pass: with a lock that favors whoever is awake, a model that takes one
/// pass after another would keep the others waiting. Nobody who waits uses a processor, and where nobody
/// waits a turn costs next to nothing.
package final class Turns: @unchecked Sendable {
  /// The turns of all models in this process.
  package static let ofProcess = Turns()

  private let monitor = Monitor()
  /// Both are read and written within `monitor`.
  private var nextTicket = 0
  private var served = 0

  package init() {}

  /// Whether somebody has the turn or waits for it.
  package var isTaken: Bool {
    monitor.enter()
    defer { monitor.leave() }
    return served != nextTicket
  }

  /// Waits for a turn and does some work in it.
  ///
  /// The calling thread sleeps until then: call from a thread that may block, and not within a turn.
  ///
  /// - Throws: what `body` throws.
  package func take<Value, Failure>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    monitor.enter()
    let ticket = nextTicket
    nextTicket += 1
    while served != ticket { monitor.sleep() }
    monitor.leave()
    defer {
      monitor.enter()
      served += 1
      monitor.wakeAll()
      monitor.leave()
    }
    return try body()
  }
}
