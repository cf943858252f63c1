import GPTOSSPlatform
import Testing

/// If these fail, the engine computes on more threads than it has processors, or leaves some idle.
struct AvailableThreadsTests {
  @Test func thereIsOneAtLeast() {
    #expect(availableThreadCount() >= 1)
  }

  @Test(
    arguments: [
      ("0-1", 2), ("0", 1), ("0-3,8", 5), ("1,3,5-6", 4), ("", nil), ("a-b", nil), ("3-1", nil),
    ] as [(String, Int?)])
  func processors(list: String, count: Int?) {
    #expect(processorCount(inStatus: "Name:\tx\nCpus_allowed_list:\t\(list)\nThreads:\t1\n") == count)
    #expect(processorCount(inStatus: "Name:\tx\n") == nil)
  }
}
