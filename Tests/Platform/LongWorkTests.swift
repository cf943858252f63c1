import Foundation
import GPTOSSPlatform
import Testing

/// Breaks when long work holds the threads on which all tasks run, or short work leaves them.
struct LongWorkTests {
  @Test(.timeLimit(.minutes(1))) func longWorkHoldsNoOtherTask() async {
    let goOn = DispatchSemaphore(value: 0)
    // More than there are threads for tasks, all of which would be held.
    let count = 2 * ProcessInfo.processInfo.activeProcessorCount
    let works = LongWork.$isExpected.withValue(true) {
      (0..<count).map { _ in Task { await LongWork.run { Self.wait(for: goOn) } } }
    }
    // These end although none of the others has.
    for _ in 0..<count { await Task { await Task.yield() }.value }
    for _ in works { goOn.signal() }
    for work in works { await work.value }
  }

  @Test func itsValueAndItsErrorComeBack() async {
    struct Fault: Error {}
    for isExpected in [false, true] {
      await LongWork.$isExpected.withValue(isExpected) {
        #expect(await LongWork.run { LongWork.isExpected } == isExpected)
        await #expect(throws: Fault.self) { try await LongWork.run { throw Fault() } }
      }
    }
  }

  private static func wait(for semaphore: DispatchSemaphore) { semaphore.wait() }
}
