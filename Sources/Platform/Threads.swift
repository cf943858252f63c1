/// Starts a detached thread; false if the system refuses.
///
/// It has 8 MB of stack, as Linux gives: other systems give as little as 128 KB, and JSON may be nested. On Apple's
/// systems it counts as work that a user waits for, which performance cores do first.
package func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  let start = Unmanaged.passRetained(Start(body))
  #if canImport(Darwin)
    var thread: pthread_t?
  #else
    var thread = pthread_t()
  #endif
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setstacksize(&attributes, 8 << 20)
  #if canImport(Darwin)
    pthread_attr_set_qos_class_np(&attributes, QOS_CLASS_USER_INITIATED, 0)
  #endif
  let status = pthread_create(
    &thread, &attributes,
    { argument in
      // The argument is optional in some C libraries only.
      let argument: UnsafeMutableRawPointer? = argument
      if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
      return nil
    }, start.toOpaque())
  guard status == 0 else {
    start.release()
    return false
  }
  #if canImport(Darwin)
    if let thread { pthread_detach(thread) }
  #else
    pthread_detach(thread)
  #endif
  return true
}

/// A lock and a condition that threads sleep on (Hoare 1974).
package final class Monitor: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  package init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(lock)
    condition.deallocate()
    lock.deallocate()
  }

  package func enter() { pthread_mutex_lock(lock) }
  package func leave() { pthread_mutex_unlock(lock) }
  /// Leaves, sleeps until `wakeAll` (or for no reason), and enters again.
  package func sleep() { pthread_cond_wait(condition, lock) }
  package func wakeAll() { pthread_cond_broadcast(condition) }
}

/// A value behind a lock of the system's.
///
/// A `Mutex` of the standard library does the same, and is the choice where threads seldom meet. On Linux its
/// way of waiting is hidden from the thread sanitizer, which then reports races that are none. And it must be a
/// property: a variable that a closure keeps may be in two places (Swift 6.3.1 with optimization on Linux), so
/// that one is locked and the other unlocked, which ends the process.
package final class Locked<Value>: @unchecked Sendable {
  private let monitor = Monitor()
  private var value: Value

  package init(_ value: sending Value) { self.value = value }

  /// Reads or changes the value, one thread at a time.
  ///
  /// - Throws: what `body` throws.
  package func withLock<Result, Failure>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    monitor.enter()
    defer { monitor.leave() }
    return try body(&value)
  }
}
