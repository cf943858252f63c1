import GPTOSSKernels
import Testing

#if arch(x86_64)
  import GPTOSSKernelsAVX2
  import GPTOSSKernelsAVX512
  import GPTOSSKernelsAVXVNNI
#elseif arch(arm64)
  import GPTOSSKernelsNEON
#endif

/// How the memory of keys and values grows.
struct KeyValuePagesTests {
  /// Pages of 20b: 64 positions of 8 heads with 64 elements, keys and values of 2 bytes.
  private static let pageByteCount = 64 * 8 * 64 * 2 * 2

  /// Otherwise kernels read past a page or a value, or a page belongs to two spans.
  @Test func pagesAreWholeBlocksAndSpansWholePages() {
    #expect(AttentionLayout.positionsPerSpan % KeyValueView.positionsPerPage == 0)
    #if arch(x86_64)
      let columnsPerBlock = [AVX2.columnsPerBlock, AVXVNNI.columnsPerBlock, AVX512.columnsPerBlock]
    #elseif arch(arm64)
      let columnsPerBlock = [NEON.columnsPerBlock]
    #else
      let columnsPerBlock: [Int] = []
    #endif
    for columns in columnsPerBlock {
      #expect(KeyValueView.positionsPerPage % columns == 0)
      #expect(KeyValueView.padded(1) % columns == 0)
    }
  }

  @Test func memoryGrowsWithTheSequence() {
    let pages = KeyValuePages(keyValueHeadCount: 8, headDimension: 64, element: .float16, reach: nil)
    #expect(pages.byteCount == 0)
    var before = 0
    for count in [1, 64, 65, 200, 1_000, 5_000, 8_192] {
      pages.reserve(count)
      let needed = (count + 63) / 64 * Self.pageByteCount
      // No more than twice what is needed, and never more than 2 MB beyond it.
      #expect(pages.byteCount >= max(needed, before))
      #expect(pages.byteCount <= min(2 * needed, needed + (2 << 20)), "\(count) positions")
      before = pages.byteCount
    }
    pages.reserve(10)
    #expect(pages.byteCount == before)
  }

  @Test func theWholeContextHasRoom() {
    let pages = KeyValuePages(keyValueHeadCount: 1, headDimension: 4, element: .float16, reach: nil)
    for count in stride(from: 0, through: 131_072, by: 509) { pages.reserve(count) }
    pages.reserve(131_072)
    // A value is padded to 64 elements.
    #expect(pages.byteCount >= 131_072 * (4 + 64) * 2)
  }

  @Test func aRingStopsGrowing() {
    let pages = KeyValuePages(keyValueHeadCount: 8, headDimension: 64, element: .float16, reach: 128 + 255)
    pages.reserve(100_000)
    #expect(pages.ringPageCount == 7)
    #expect(pages.byteCount >= 7 * Self.pageByteCount && pages.byteCount <= 8 * Self.pageByteCount)
  }

  /// What was stored is what comes back, in every page and for every element type.
  @Test(arguments: CacheElement.allCases)
  func copiesComeBack(element: CacheElement) {
    var random = RandomData(seed: 1)
    let launcher = Launcher(kernels: .reference, threadCount: 1)
    let from = KeyValuePages(keyValueHeadCount: 2, headDimension: 6, element: element, reach: nil)
    let to = KeyValuePages(keyValueHeadCount: 2, headDimension: 6, element: element, reach: nil)
    launcher.store(
      keys: random.activations(rows: 200, columns: 12).all,
      values: random.activations(rows: 200, columns: 12).all, at: 0, in: from)
    to.paste(from.copy(60..<150), at: 70..<160)
    #expect(to.copy(70..<160).byteCount == 90 * 2 * (2 * 6 * element.byteCount + (element == .int16 ? 8 : 0)))
    #expect(to.copy(70..<160) == from.copy(60..<150))
  }
}
