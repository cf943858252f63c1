import GPTOSSKernels
import GPTOSSPlatform
import Synchronization
import Testing

private final class Count: Sendable {
  let inside = Atomic(0)
  let total = Atomic(0)
  let ended = Atomic(0)
}

private final class Order: Sendable {
  let names = Mutex<[Int]>([])
}

/// Breaks when two have the turn at a time, or when somebody who asks again and again keeps others waiting.
struct TurnsTests {
  @Test func oneAtATime() {
    let turns = Turns()
    let count = Count()
    let ended = Monitor()
    for _ in 0..<4 {
      let isStarted = startThread {
        for _ in 0..<500 {
          turns.take {
            let inside = count.inside.add(1, ordering: .sequentiallyConsistent).newValue
            #expect(inside == 1)
            count.total.add(1, ordering: .relaxed)
            count.inside.subtract(1, ordering: .sequentiallyConsistent)
          }
        }
        ended.enter()
        count.ended.add(1, ordering: .relaxed)
        ended.wakeAll()
        ended.leave()
      }
      #expect(isStarted)
    }
    ended.enter()
    while count.ended.load(ordering: .relaxed) < 4 { ended.sleep() }
    ended.leave()
    #expect(count.total.load(ordering: .relaxed) == 2000 && !turns.isTaken)
  }

  /// Two that always want the turn get it in alternation.
  @Test func thoseWhoWaitComeInTheirOrder() {
    let turns = Turns()
    let order = Order()
    let ended = Monitor()
    let endedCount = Count()
    let rounds = 100
    // Both wait before the first turn ends.
    turns.take {
      for name in 0..<2 {
        let isStarted = startThread {
          for _ in 0..<rounds {
            turns.take {
              order.names.withLock { $0.append(name) }
              // Long enough for the other one to ask for its turn.
              var pause = timespec(tv_sec: 0, tv_nsec: 200_000)
              nanosleep(&pause, nil)
            }
          }
          ended.enter()
          endedCount.ended.add(1, ordering: .relaxed)
          ended.wakeAll()
          ended.leave()
        }
        #expect(isStarted)
      }
      #expect(turns.isTaken)
      var pause = timespec(tv_sec: 0, tv_nsec: 20_000_000)
      nanosleep(&pause, nil)
    }
    ended.enter()
    while endedCount.ended.load(ordering: .relaxed) < 2 { ended.sleep() }
    ended.leave()
    let names = order.names.withLock { $0 }
    #expect(names.count == 2 * rounds)
    let repeats = zip(names, names.dropFirst()).count { $0 == $1 }
    #expect(repeats < rounds / 2, "the turn went to the same one \(repeats) times in a row")
  }

  @Test func poolsAreShared() {
    let pool = ThreadPool.shared(threadCount: 2)
    #expect(pool === ThreadPool.shared(threadCount: 2))
    #expect(pool !== ThreadPool.shared(threadCount: 1))
    let launchers = [0, 1].map { _ in Launcher(kernels: .reference, threadCount: 2) }
    #expect(launchers.allSatisfy { $0.pool === pool })
  }
}
