import GPTOSSKernels
import Testing

struct AvailableMemoryTests {
  @Test(arguments: [
    (limit: 1000, usage: 700, cached: 200, left: 500),
    // The counts were taken at different moments.
    (1000, 700, 800, 1000),
    // How a control group of version 1 says that it has no limit.
    (.max - 4095, 1000, 9000, .max - 4095),
    (1000, 1500, 100, -400),
  ])
  func whatIsLeftOfALimit(limit: Int, usage: Int, cached: Int, left: Int) {
    #expect(memoryLeft(of: limit, usage: usage, cached: cached) == left)
  }

  @Test func someMemoryIsFreeAndMoreAvailable() {
    #expect(freeMemoryByteCount() > 0)
    #expect(availableMemoryByteCount() > 0)
  }
}
