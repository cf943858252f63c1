import Synchronization

/// The memory for requests that are being received or answered: all of them together stay within it.
///
/// Bytes count as they arrive, so that nobody takes room by announcing a large body. A part is kept for small
/// bodies, so that large ones do not keep everybody else out.
package final class BodyBudget: Sendable {
  /// Memory that a byte of a body takes at most while it is read as JSON and made a prompt of, as measured
  /// with lists of lists and of tokens.
  private static let bytesPerByte = 64
  /// Bodies up to this size may fill the whole budget.
  private static let small = 64 << 10

  /// The bytes of bodies that may be held.
  let capacity: Int
  /// The most that one body may have.
  package var largestBody: Int { capacity / 4 * 3 }
  private let used = Mutex(0)

  /// - Parameter memory: how many bytes of memory requests may take.
  package init(memory: Int) { capacity = max(memory / Self.bytesPerByte, 4 * Self.small) }

  /// Bytes that are held.
  package var usedBytes: Int { used.withLock { $0 } }

  /// Begins to hold a body.
  package func hold() -> BodyHold { BodyHold(self) }

  fileprivate func take(_ count: Int, holding held: Int) throws(ServerError) {
    let limit = held + count <= Self.small ? capacity : largestBody
    let isTaken = used.withLock { used in
      guard used + count <= limit else { return false }
      used += count
      return true
    }
    // Whoever holds it is likely to be answered soon.
    guard isTaken else { throw .memoryFull(retryAfter: 5) }
  }

  fileprivate func giveBack(_ count: Int) { used.withLock { $0 -= count } }
}

/// The bytes of one body, held until nothing refers to this any more.
package final class BodyHold: Sendable {
  private let budget: BodyBudget
  private let held = Mutex(0)

  fileprivate init(_ budget: BodyBudget) { self.budget = budget }

  deinit { budget.giveBack(held.withLock { $0 }) }

  /// Holds more bytes.
  ///
  /// - Throws: ``ServerError/memoryFull(retryAfter:)`` if there is no room.
  package func add(_ count: Int) throws(ServerError) {
    try held.withLock { (held) throws(ServerError) in
      try budget.take(count, holding: held)
      held += count
    }
  }

  /// The bytes that are held.
  package var byteCount: Int { held.withLock { $0 } }

  /// Gives some of the bytes back, at most those that are held.
  package func release(_ count: Int) {
    held.withLock { held in
      let count = min(count, held)
      budget.giveBack(count)
      held -= count
    }
  }
}
