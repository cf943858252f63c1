import Synchronization

/// Values that are kept under ids for a limited time, in a limited number and size.
///
/// The oldest are dropped first. Nothing is written to disk.
final class TimedStore<Value: Sendable>: Sendable {
  /// The most values.
  private let count: Int
  /// The most bytes of all of them.
  private let byteCount: Int
  /// How long a value is kept.
  let age: Duration
  private let state = Mutex(State())

  private struct State {
    var kept: [Kept] = []
    var byteCount = 0
  }

  private struct Kept {
    let id: String
    let value: Value
    let byteCount: Int
    let time: ContinuousClock.Instant
  }

  init(count: Int, byteCount: Int, age: Duration) {
    (self.count, self.byteCount, self.age) = (count, byteCount, age)
  }

  /// Keeps a value, unless it alone is larger than the limit.
  ///
  /// - Returns: whether it is kept.
  @discardableResult
  func keep(_ id: String, _ value: Value, byteCount size: Int, now: ContinuousClock.Instant = .now) -> Bool {
    guard size <= byteCount else { return false }
    state.withLock { state in
      state.kept.append(Kept(id: id, value: value, byteCount: size, time: now))
      state.byteCount += size
      drop(&state, now)
    }
    return true
  }

  /// The value with this id, if it is still kept.
  func value(_ id: String, now: ContinuousClock.Instant = .now) -> Value? {
    state.withLock { state in
      drop(&state, now)
      return state.kept.last { $0.id == id }?.value
    }
  }

  /// What a closure finds in the youngest value that has it.
  func first<Found: Sendable>(now: ContinuousClock.Instant = .now, _ find: (Value) -> Found?) -> Found? {
    state.withLock { state in
      drop(&state, now)
      for kept in state.kept.reversed() {
        if let found = find(kept.value) { return found }
      }
      return nil
    }
  }

  /// Drops a value; false if it is not kept.
  func remove(_ id: String) -> Bool {
    state.withLock { state in
      guard let index = state.kept.lastIndex(where: { $0.id == id }) else { return false }
      state.byteCount -= state.kept.remove(at: index).byteCount
      return true
    }
  }

  private func drop(_ state: inout State, _ now: ContinuousClock.Instant) {
    while let oldest = state.kept.first,
      state.kept.count > count || state.byteCount > byteCount || now - oldest.time > age
    {
      state.kept.removeFirst()
      state.byteCount -= oldest.byteCount
    }
  }
}
