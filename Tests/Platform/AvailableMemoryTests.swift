import GPTOSSPlatform
import Testing

/// If these fail, a model is refused that fits, or loaded where it does not fit.
struct AvailableMemoryTests {
  @Test func someMemoryIsFreeAndMoreAvailable() {
    #expect(freeMemoryByteCount() > 0)
    #expect(availableMemoryByteCount() > 0)
  }

  #if os(Linux)
    @Test func someIsInUseByThisProcess() throws {
      let resident = try #require(residentMemoryByteCount())
      #expect(resident > 1 << 20 && resident < 1 << 40)
    }
  #endif

  /// Some systems count in kibibytes, others in bytes.
  @Test func thePeakIsInBytes() {
    let peak = peakMemoryByteCount()
    #expect(peak > 1 << 20 && peak < 1 << 40)
  }
}
