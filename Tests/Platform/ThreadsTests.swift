import GPTOSSPlatform
import Synchronization
import Testing

/// If this fails, threads that wait for work or for its end sleep forever.
struct ThreadsTests {
  @Test func aThreadRunsAndWakesWhoeverWaits() {
    final class State: @unchecked Sendable {
      let monitor = Monitor()
      var isDone = false
    }
    for _ in 0..<100 {
      let state = State()
      let hasStarted = startThread {
        state.monitor.enter()
        state.isDone = true
        state.monitor.wakeAll()
        state.monitor.leave()
      }
      #expect(hasStarted)
      guard hasStarted else { return }
      state.monitor.enter()
      while !state.isDone { state.monitor.sleep() }
      state.monitor.leave()
    }
  }
}
