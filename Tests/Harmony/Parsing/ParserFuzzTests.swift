import GPTOSSHarmony
import GPTOSSTokenizer
import Testing

/// 100,000 random token sequences for each parser.
@Suite struct ParserFuzzTests {
  private static let sequenceCount = 100_000
  private static let encoding = TestEncoding.small

  @Test func tolerantParserTakesAnything() {
    var generator = RepeatableGenerator(seed: 1)
    for index in 0..<Self.sequenceCount {
      let tokens = Self.randomTokens(&generator)
      var parser = TolerantParser(
        encoding: Self.encoding, role: index % 3 == 0 ? nil : .assistant,
        tools: index % 2 == 0 ? [] : ["functions.f", "functions.tojson"])
      var deltas = ""
      var finished = 0
      for token in tokens {
        parser.process(token)
        if let delta = parser.delta {
          deltas += delta
          precondition(!delta.isEmpty && parser.header != nil)
        }
        precondition(parser.messages.count >= finished)
        finished = parser.messages.count
      }
      let soFar = parser.messages.map(\.text).joined() + parser.content
      #expect(deltas.utf8.elementsEqual(soFar.utf8), "\(tokens)")
      parser.finish()
      deltas += parser.delta ?? ""
      let all = parser.messages.map(\.text).joined()
      #expect(deltas.utf8.elementsEqual(all.utf8), "\(tokens)")
      #expect(parser.phase == .expectStart)
      #expect(parser.repairs.allSatisfy { (0...tokens.count).contains($0.tokenIndex) })
      for call in parser.messages.compactMap(\.toolCall) { _ = call.arguments }
    }
  }

  @Test(arguments: [ReferenceParser.Strictness.strict, .permissive])
  func referenceParserThrowsButDoesNotTrap(_ strictness: ReferenceParser.Strictness) {
    var generator = RepeatableGenerator(seed: 2)
    var completed = 0
    for index in 0..<Self.sequenceCount {
      let tokens = Self.randomTokens(&generator)
      var parser = ReferenceParser(
        encoding: Self.encoding, role: index % 3 == 0 ? nil : .assistant, strictness: strictness)
      var deltas = ""
      do {
        for token in tokens {
          try parser.process(token)
          deltas += parser.delta ?? ""
        }
        // What the end of a message cuts in half is in no delta.
        let content = parser.messages.map(\.text).joined() + parser.content
        #expect(deltas.utf8.count <= content.utf8.count)
        try parser.finish()
        completed += 1
      } catch {}
    }
    #expect(completed > Self.sequenceCount / 100)
  }

  private static let fragments: [[TokenID]] = [
    "assistant", "user", "tool", " to=functions.f", " to=", "to=functions.tojson", "analysis", "final",
    "commentary",
    " json", "json", " code", "?", " ", "\n", "Hello", "{\"a\":1}", "}]", "<|channel|", "é", "🙂", "bash",
    "functions.f",
  ].map { encoding.tokenizer.encode($0) }

  private static let markers = Marker.allCases.map { encoding.token(of: $0) }

  private static func randomTokens(_ generator: inout RepeatableGenerator) -> [TokenID] {
    var tokens: [TokenID] = []
    for _ in 0..<Int.random(in: 0...16, using: &generator) {
      switch Int.random(in: 0..<20, using: &generator) {
      case 0..<9: tokens.append(markers.randomElement(using: &generator) ?? 0)
      case 9..<16: tokens += fragments.randomElement(using: &generator) ?? []
      case 16, 17: tokens.append(Int.random(in: 0..<258, using: &generator))
      case 18: tokens.append(Int.random(in: 258..<268, using: &generator))
      default: tokens.append([-1, 10_000, Int.max].randomElement(using: &generator) ?? 0)
      }
    }
    return tokens
  }
}
