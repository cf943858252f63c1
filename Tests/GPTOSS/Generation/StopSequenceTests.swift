import GPTOSS
import GPTOSSSampling
import GPTOSSTokenizer
import Testing

struct StopSequenceTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let pieces: [String]
    let sequences: [String]
    let text: String
    let isFound: Bool
    var testDescription: String { "\(pieces) until \(sequences)" }
  }

  static let rows = [
    Row(pieces: ["Hello ", "world"], sequences: ["wor"], text: "Hello ", isFound: true),
    Row(pieces: ["Hello w", "o", "rld"], sequences: ["world"], text: "Hello ", isFound: true),
    Row(pieces: ["Hello wor", "d"], sequences: ["world"], text: "Hello word", isFound: false),
    Row(pieces: ["aab"], sequences: ["ab"], text: "a", isFound: true),
    Row(pieces: ["a", "a", "a", "b"], sequences: ["aab"], text: "a", isFound: true),
    Row(pieces: ["xyz"], sequences: ["yz", "xy"], text: "", isFound: true),
    Row(pieces: ["é", "è!"], sequences: ["è"], text: "é", isFound: true),
    Row(pieces: ["ends with a beginn"], sequences: ["beginning"], text: "ends with a beginn", isFound: false),
    Row(pieces: ["nothing"], sequences: [""], text: "nothing", isFound: false),
    Row(pieces: ["nothing"], sequences: [], text: "nothing", isFound: false),
  ]

  @Test(arguments: rows) func textEndsBeforeTheFirstStopSequence(row: Row) {
    var finder = StopSequenceFinder(row.sequences)
    var text = ""
    var isFound = false
    for piece in row.pieces where !isFound {
      let (more, found) = finder.push(piece)
      text += more
      isFound = found
    }
    if !isFound { text += finder.finish() }
    #expect(text == row.text && isFound == row.isFound)
  }

  /// APIs tell clients which of their sequences it was.
  @Test(
    arguments: [
      (["ab", "b"], "xabc", "ab"), (["b", "ab"], "xabc", "ab"), (["abc", "ab"], "xabc", "ab"),
      (["ab", "abc"], "xabc", "ab"), (["", "c"], "xabc", "c"), (["y"], "xabc", nil),
    ] as [([String], String, String?)]) func theSequenceThatWasFoundIsKnown(
      _ sequences: [String], _ text: String, _ found: String?
    )
  {
    var finder = StopSequenceFinder(sequences)
    #expect(finder.push(text).isFound == (found != nil) && finder.found == found)
  }

  /// Texts, sequences and cuts at random, over two letters so that beginnings overlap.
  @Test func piecesDoNotChangeWhatIsFound() {
    var random = SplitMix64(seed: 16)
    func text(_ lengths: ClosedRange<Int>) -> String {
      let count = Int.random(in: lengths, using: &random)
      return String((0..<count).map { _ in Bool.random(using: &random) ? "a" : "é" })
    }
    for _ in 0..<500 {
      let sequences = (0..<Int.random(in: 1...3, using: &random)).map { _ in text(1...6) }
      let whole = text(0...40)
      var finder = StopSequenceFinder(sequences)
      var (kept, isFound, rest) = ("", false, whole[...])
      while !rest.isEmpty, !isFound {
        let piece = rest.prefix(Int.random(in: 1...4, using: &random))
        rest = rest.dropFirst(piece.count)
        let (text, ends) = finder.push(String(piece))
        (kept, isFound) = (kept + text, ends)
      }
      if !isFound { kept += finder.finish() }
      // By definition: of all places the one that ends first, and there the longest.
      let ends = whole.indices.map { whole[...$0] }
      let first = ends.lazy.compactMap { text in
        sequences.filter { text.hasSuffix($0) }.max { $0.count < $1.count }.map { text.dropLast($0.count) }
      }.first
      #expect(kept == first.map(String.init) ?? whole, "\(sequences) in \(whole)")
      #expect(isFound == (first != nil), "\(sequences) in \(whole)")
    }
  }

  @Test func aStopSequenceEndsAGeneration() async throws {
    let (model, script) = try await ScriptedModel.load(["one two three four"])
    var text = ""
    var statistics: GenerationStatistics?
    let options = GenerationOptions(stopSequences: ["wo th"])
    for try await event in model.generate(from: model.tokenizer.encode("count"), options: options) {
      if case .token(let token) = event { text += token.text }
      if case .finished(let rest, let figures) = event { (text, statistics) = (text + rest, figures) }
    }
    #expect(text == "one t" && statistics?.stopReason == .stopSequence)
    #expect(statistics?.stopSequence == "wo th")

    script.append(Output.answer("one two three", analysis: "two three"))
    let conversation = Conversation([Message(.user, "count")])
    var response: Response?
    var seen = ""
    for try await event in model.respond(
      to: conversation, options: ResponseOptions(stopSequences: ["two"]))
    {
      if case .text(let text) = event { seen += text }
      if case .finished(let finished) = event { response = finished }
    }
    #expect(seen == "one " && response?.text == "one ", "reasoning is not searched, and both agree")
    #expect(response?.statistics.stopReason == .stopSequence && response?.statistics.stopSequence == "two")
  }
}
