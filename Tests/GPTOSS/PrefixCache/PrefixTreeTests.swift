import GPTOSS
import GPTOSSModel
import Testing

/// Which files a sequence begins with.
///
/// Breaks when a file counts that does not belong to the sequence, or the furthest one is missed.
struct PrefixTreeTests {
  private static let root: UInt64 = 99
  private static let layout = KeyValueCache.StorageLayout(
    fullLayerCount: 1, slidingLayerCount: 1, bytesPerPosition: 4, window: 8)

  private static func tokens(_ ids: some Sequence<Int>, isFine: Bool = false) -> [ReadToken] {
    ids.map { ReadToken(id: $0, isFine: isFine) }
  }

  private static func header(
    _ ids: some Sequence<Int>, after parent: PrefixHeader? = nil, start: Int? = nil, promptCount: Int? = nil
  ) -> PrefixHeader {
    let tokens = tokens(ids)
    return PrefixHeader(
      parent: parent?.id ?? root, start: start ?? parent.map { $0.start + $0.tokens.count } ?? 0,
      promptCount: promptCount ?? tokens.count, tokens: tokens, layout: layout)
  }

  private static func tree(_ headers: [PrefixHeader]) -> PrefixTree {
    headers.reduce(into: PrefixTree(root: root)) { $0.insert($1) }
  }

  private static let system = header(0..<40)
  private static let first = header(100..<150, after: system)
  private static let second = header(200..<260, after: system)
  private static let answer = header(150..<190, after: first)

  @Test func theFurthestFileCounts() {
    let tree = Self.tree([Self.answer, Self.second, Self.first, Self.system])
    let prompt = Self.tokens(Array(0..<40) + Array(100..<200))
    #expect(tree.match(prompt, upTo: 140).chain == [Self.system, Self.first, Self.answer])
    #expect(tree.match(prompt, upTo: 129).chain == [Self.system, Self.first], "the limit cuts the last one")
    #expect(tree.match(prompt, upTo: 39).chain.isEmpty)
    let other = Self.tokens(Array(0..<40) + Array(300..<400))
    #expect(tree.match(other, upTo: 100).chain == [Self.system])
    #expect(tree.match(Self.tokens(1..<100), upTo: 90).chain.isEmpty)
    let finer = Self.tokens(0..<40, isFine: true)
    #expect(tree.match(finer, upTo: 40).chain.isEmpty, "other precision, other values")
  }

  @Test func filesWithoutThoseBeforeThemDoNotCount() {
    var tree = Self.tree([Self.system, Self.first, Self.answer])
    let prompt = Self.tokens(Array(0..<40) + Array(100..<200))
    tree.remove(Self.first.id)
    #expect(tree.match(prompt, upTo: 140).chain == [Self.system])
    tree.insert(Self.first)
    #expect(tree.match(prompt, upTo: 140).chain.count == 3)
  }

  /// A hostile folder has files that say to follow each other, at any place.
  @Test func impossiblePlacesAreLeftOut() {
    let prompt = Self.tokens(Array(0..<40) + Array(100..<200))
    for start in [0, 39, 41, 1_000_000] {
      let misplaced = Self.header(100..<150, after: Self.system, start: start)
      #expect(Self.tree([Self.system, misplaced]).match(prompt, upTo: 140).chain == [Self.system])
    }
    let late = Self.header(0..<40, start: 5)
    #expect(Self.tree([late]).match(prompt, upTo: 140).chain.isEmpty)
  }

  @Test func whereAPromptPartsIsKnown() {
    let tree = Self.tree([Self.system, Self.first, Self.second, Self.answer])
    func parting(_ ids: [Int]) -> PromptParting {
      tree.match(Self.tokens(ids), upTo: ids.count - 1).parting
    }
    let head = Array(0..<40)
    #expect(
      parting(head + Array(100..<300)) == PromptParting(position: 130, isDifferent: false), "only longer")
    #expect(
      parting(head + Array(100..<120) + [7, 8, 9]) == PromptParting(position: 60, isDifferent: true))
    #expect(parting(head + [7, 8, 9]) == PromptParting(position: 40, isDifferent: true))
    #expect(parting([7, 8, 9]) == PromptParting(position: 0, isDifferent: false), "nothing in common")
    #expect(parting(head + Array(100..<120)) == PromptParting(position: 59, isDifferent: false), "all of it")
  }

  @Test func whatWasGeneratedIsNoDifference() {
    let written = Self.header(150..<190, after: Self.first, promptCount: 2)
    let tree = Self.tree([Self.system, Self.first, written])
    func parting(_ next: [Int]) -> PromptParting {
      let ids = Array(0..<40) + Array(100..<150) + next
      return tree.match(Self.tokens(ids), upTo: ids.count - 1).parting
    }
    #expect(!parting([150, 151, 152, 7, 8]).isDifferent, "an answer that is not seen again")
    #expect(parting([150, 7, 8]) == PromptParting(position: 91, isDifferent: true))
  }

  @Test func theSameTokenReadOtherwiseIsNamed() {
    let tree = Self.tree([Self.system])
    var prompt = Self.tokens(0..<80)
    prompt[20] = ReadToken(id: 20, isFine: true)
    let parting = tree.match(prompt, upTo: 79).parting
    #expect(parting == PromptParting(position: 20, isDifferent: true, isOtherPrecision: true))
  }
}
