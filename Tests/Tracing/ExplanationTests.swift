import Foundation
import GGUF
import GPTOSS
import GPTOSSBlockFormats
import GPTOSSFixtures
import GPTOSSModel
import GPTOSSTracing
import Testing

/// Logits taken apart. If these fail, the parts do not add up to what the engine computed.
struct ExplanationTests {
  private static func explain() async throws -> (LogitExplanation, Trace) {
    // In double precision: the parts then add up to the last digits.
    let model = try await LanguageModel.load(
      contentsOf: SmallModel.url, options: LoadOptions(kernels: .reference))
    let tokens = model.tokenizer.encode("Explain what MXFP4 quantization is.")
    let trace = try await model.trace(of: tokens, options: TraceOptions(lens: .none))
    let vectors = try await model.vectors(of: trace, at: tokens.count - 2)
    let explanation = try LogitExplanation(
      of: tokens[tokens.count - 1], after: tokens[tokens.count - 2], vectors, model.configuration,
      file: GGUFFile(path: SmallModel.url.path))
    return (explanation, trace)
  }

  @Test func partsAddUpToTheLogit() async throws {
    let (explanation, trace) = try await Self.explain()
    #expect(abs(explanation.sum - explanation.logit) < 1e-3 * max(1, abs(explanation.logit)))
    // The embedding, then attention and two experts per layer.
    #expect(explanation.shares.count == 1 + 8 * 3)
    let layers = trace.layers.map { $0.experts(of: trace.tokens.count - 2) }
    for share in explanation.shares {
      guard case .expert(let layer, let expert) = share.writer else { continue }
      #expect(layers[layer].contains(expert))
    }
  }

  /// The runner-up: what each part adds to the difference of two logits.
  @Test func leadsAddUpToTheDifference() async throws {
    let (explanation, trace) = try await Self.explain()
    let read = trace.tokens[trace.tokens.count - 2].id
    let vectors = explanation.vectors
    let likeliest = try #require(vectors.likeliest(besides: explanation.token))
    let best = vectors.logits.indices.filter { $0 != explanation.token }
    #expect(best.allSatisfy { vectors.logits[$0] <= vectors.logits[likeliest] })
    #expect(likeliest != explanation.token)
    let other = try LogitExplanation(
      of: likeliest, after: read, vectors, trace.configuration, file: GGUFFile(path: SmallModel.url.path))
    let leads = explanation.leads(over: other)
    #expect(leads.count == explanation.shares.count)
    let difference = explanation.logit - other.logit
    #expect(abs(leads.reduce(0, +) - difference) < 1e-3 * max(1, abs(explanation.logit)))
    for (lead, back) in zip(leads, other.leads(over: explanation)) { #expect(lead == -back) }

    // Both columns are printed and add up as they are printed.
    var text = ExplanationText()
    text.add(explanation, token: "a", read: "b", position: 1, over: (other, "c"))
    let parts = text.lines.compactMap {
      $0.firstMatch(of: /^ +(-?\d+\.\d{6}) +(-?\d+\.\d{6})  [a-z]/)?.output
    }
    let totals = text.lines.compactMap {
      $0.firstMatch(
        of: /^= +(-?\d+\.\d{6}) +(-?\d+\.\d{6})  the engine has (-?\d+\.\d{6}) and (-?\d+\.\d{6})$/)?.output
    }
    #expect(parts.count == leads.count && totals.count == 1)
    let total = try #require(totals.first)
    func sum(_ column: [Substring]) -> Double { column.compactMap { Double($0) }.reduce(0, +) }
    #expect(abs(sum(parts.map(\.1)) - sum([total.1])) < 1e-9, "shares: \(total.0)")
    #expect(abs(sum(parts.map(\.2)) - sum([total.2])) < 1e-9, "leads: \(total.0)")
    #expect(abs(sum([total.3]) - explanation.logit) < 1e-6, "\(total.3), not \(explanation.logit)")
    #expect(abs(sum([total.4]) - difference) < 1e-6, "\(total.4), not \(difference)")
    #expect(text.lines.contains { $0.contains("\"c\" (token \(likeliest))") })
  }

  @Test func rowsAndBlocksAddUp() async throws {
    let (explanation, trace) = try await Self.explain()
    let data = try Data(contentsOf: SmallModel.url)
    let expert = trace.layers[3].experts(of: trace.tokens.count - 2)[1]
    let part = try #require(ExpertExplanation(explanation, layer: 3, expert: expert))
    let share = explanation.shares.first { $0.writer == .expert(layer: 3, expert: expert) }
    #expect(abs(part.sum - (share?.share ?? .nan)) < 1e-9)
    for row in [0, 100, 255] {
      let sum = try part.sum(ofRow: row)
      #expect(sum.blocks.map(\.columns) == [0..<32, 32..<64, 64..<96, 96..<128])
      #expect(sum.blocks.allSatisfy { $0.explanation.format == .mxfp4 })
      #expect(abs(sum.sum - sum.output) < 1e-4, "row \(row): \(sum.sum), not \(sum.output)")
      for block in sum.blocks {
        #expect(abs(block.products.reduce(0, +) - block.sum) < 1e-9)
        #expect([UInt8](data[block.byteOffset..<block.byteOffset + 17]) == block.explanation.bytes)
      }
    }
    let others = Set(0..<8).subtracting(trace.layers[3].experts(of: trace.tokens.count - 2))
    #expect(others.allSatisfy { ExpertExplanation(explanation, layer: 3, expert: $0) == nil })
    #expect(ExpertExplanation(explanation, layer: 8, expert: 0) == nil)
  }

  /// What is printed of a sum adds up to what is printed as its result.
  @Test func printedNumbersAddUp() async throws {
    let (explanation, trace) = try await Self.explain()
    let expert = trace.layers[0].experts(of: trace.tokens.count - 2)[0]
    let part = try #require(ExpertExplanation(explanation, layer: 0, expert: expert))
    let sum = try part.sum(ofRow: 7)
    var text = ExplanationText()
    text.add(explanation, token: "a", read: "b", position: 1)
    text.add(part)
    text.add(sum, row: 7, of: part)
    text.add(sum.blocks[2], row: 7, drawnBy: "gptoss inspect")
    var total = 0.0
    var results = 0
    var engine: [Substring] = []
    for line in text.lines {
      if let match = line.firstMatch(of: /^=[ ]+(-?\d+\.\d{6})(?:  the engine has (-?\d+\.\d{6}))?$/),
        let printed = Double(match.1)
      {
        #expect(abs(total - printed) < 1e-9, "\(line)")
        (total, results) = (0, results + 1)
        if let number = match.2 { engine.append(number) }
      } else if let match = line.firstMatch(of: /^  +(-?\d+\.\d+)[ ]/), let number = Double(match.1) {
        total += number
      }
    }
    #expect(results == 4)
    // The engine's own numbers, whole: where they differ from the sums they say so.
    #expect(engine.compactMap { Double($0) }.count == 2)
    for (number, expected) in zip(engine, [explanation.logit, sum.output]) {
      #expect(abs((Double(number) ?? .nan) - expected) <= 0.5e-6 + 1e-9, "\(number), not \(expected)")
    }
    // The block's bytes are shown, and where they stand.
    let hexadecimal = sum.blocks[2].explanation.bytes.dropFirst().map {
      String(repeating: "0", count: $0 < 16 ? 1 : 0) + String($0, radix: 16)
    }
    #expect(text.lines.joined(separator: "\n").contains("  \(hexadecimal.joined(separator: " "))\n"))
    #expect(
      text.lines.joined(separator: "\n")
        .contains("It begins at byte \(sum.blocks[2].byteOffset) of the file; gptoss inspect draws it."))
    // Each of the 32 weights has its line.
    #expect(text.lines.suffix(33).filter { $0.contains("column ") }.count == 32)
  }
}

/// How finely the engine rounded is told, and its own numbers are as far from the sums as that.
struct ExplainedPrecisionTests {
  @Test func itIsThatOfTheToken() async throws {
    let file = try GGUFFile(path: SmallModel.url.path)
    var largest: [Precision: Double] = [:]
    for precision in Precision.allCases {
      let options = LoadOptions(kernels: .portable, precision: precision)
      let model = try await LanguageModel.load(contentsOf: SmallModel.url, options: options)
      let tokens = model.tokenizer.encode("Explain what MXFP4 quantization is.")
      let (last, read) = (tokens.count - 1, tokens.count - 2)
      let trace = try await model.trace(of: tokens, options: TraceOptions(lens: .none))
      let explanation = try LogitExplanation(
        of: tokens[last], after: tokens[read], try await model.vectors(of: trace, at: read),
        model.configuration, file: file)
      #expect(explanation.precision == precision)
      var text = ExplanationText()
      text.add(explanation, token: "a", read: "b", position: 1)
      let bits = precision == .fast ? 8 : 16
      #expect(text.lines.contains { $0.contains("activations to \(bits) bits") }, "\(text.lines.prefix(3))")
      let expert = try #require(
        ExpertExplanation(explanation, layer: 0, expert: trace.layers[0].experts(of: read)[0]))
      let sums = try (0..<64).map { try expert.sum(ofRow: $0) }
      largest[precision] = sums.map { abs($0.sum - $0.output) }.max()
    }
    let (fast, precise) = (largest[.fast] ?? .nan, largest[.precise] ?? .nan)
    #expect(precise > 0 && fast > 10 * precise, "8 bits: off by \(fast), 16 bits: by \(precise)")
  }
}

/// Which experts work on what.
struct ExpertUsageTests {
  @Test func sharesAreThoseOfTheTrace() async throws {
    let model = try await LanguageModel.load(contentsOf: SmallModel.url)
    let tokens = model.tokenizer.encode("One two three, one two three, one two.")
    let trace = try await model.trace(of: tokens, options: TraceOptions(lens: .none, alternativeCount: 0))
    #expect(trace.tokens.allSatisfy { $0.logProbability == nil })
    let usage = ExpertUsage(trace)
    #expect(usage.work.count == 8 * 8 && usage.tokenCount == tokens.count)
    for layer in 0..<8 {
      let work = usage.work.filter { $0.layer == layer }
      #expect(abs(work.reduce(0) { $0 + $1.share } - 1) < 1e-5)
      #expect(work.reduce(0) { $0 + $1.tokenCount } == 2 * tokens.count)
      for expert in work {
        let mine = tokens.indices.filter { trace.layers[layer].experts(of: $0).contains(expert.expert) }
        #expect(mine.count == expert.tokenCount)
        #expect(expert.favorites.isEmpty == mine.isEmpty)
        #expect(Set(expert.favorites).isSubset(of: Set(mine.map { tokens[$0] })))
      }
    }
  }
}
