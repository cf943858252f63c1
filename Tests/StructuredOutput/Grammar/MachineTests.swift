import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSSampling
import GPTOSSStructuredOutput
import GPTOSSTokenizer
import Testing

@Suite struct MachineTests {
  /// The mask has a token if and only if the constraint takes it.
  @Test(arguments: SchemaCase.all.indices) func maskIsWhatAdvances(_ index: Int) throws {
    let trie = TestVocabulary.small
    let schema = try JSONValue(parsing: SchemaCase.all[index].schema)
    let start = try TokenConstraint(schema: schema, tokens: trie)
    var random = RandomSource(seed: UInt64(index))
    for _ in 0..<4 {
      var constraint = start
      for _ in 0..<40 where !constraint.isComplete {
        let mask = constraint.allowedTokens()
        #expect(mask.count == trie.vocabulary.count)
        var allowed: [TokenID] = []
        for token in 0..<mask.count {
          var fork = constraint
          let isTaken = (try? fork.advance(token)) != nil
          #expect(mask[token] == isTaken, "token \(token)")
          if isTaken { allowed.append(token) }
        }
        try constraint.advance(#require(allowed.randomElement(using: &random)))
      }
    }
  }

  /// From everywhere on the way the shortest completion makes a text that may end, and there is no shorter
  /// token list by a byte.
  @Test(arguments: SchemaCase.all.indices) func completesFromEverywhere(_ index: Int) throws {
    let schema = try JSONValue(parsing: SchemaCase.all[index].schema)
    let start = try TokenConstraint(schema: schema, whitespace: .none, tokens: TestVocabulary.small)
    for text in SchemaCase.all[index].accepted {
      var constraint = start
      var last = start.shortestCompletion.count
      for byte in text.utf8 {
        guard (try? constraint.advance(Int(byte))) != nil else { break }
        let completion = constraint.shortestCompletion
        #expect(completion.count >= last - 1)
        last = completion.count
        var fork = constraint
        for token in constraint.completion() { try fork.advance(token) }
        #expect(fork.canEnd)
        #expect(constraint.canEnd == completion.isEmpty)
      }
    }
  }

  @Test func nestingIsBounded() throws {
    var constraint = try TokenConstraint(schema: true, tokens: TestVocabulary.small)
    var depth = 0
    while depth < 1000, (try? constraint.advance(Int(UInt8(ascii: "[")))) != nil { depth += 1 }
    #expect((90...110).contains(depth))
    for token in constraint.completion() { try constraint.advance(token) }
    #expect(constraint.isComplete)
  }

  /// The branches of a choice stay possible until the text tells them apart, whatever tokens it comes in.
  @Test func noBranchIsForgotten() throws {
    let branches = (1...40).map {
      #"{"type": "object", "properties": {"kind": {"const": "k_\#($0)"}}, "required": ["kind"]}"#
    }
    let choice = #"{"anyOf": [\#(branches.joined(separator: ","))]}"#
    for (schema, opening, closing) in [
      (choice, "", ""), (#"{"type": "array", "items": \#(choice)}"#, "[", "]"),
    ] {
      let start = try TokenConstraint(schema: JSONValue(parsing: schema), tokens: TestVocabulary.small)
      for branch in [1, 16, 17, 40] {
        var constraint = start
        for byte in "\(opening){\n \"kind\": \"k_\(branch)\"}\(closing)".utf8 {
          #expect(constraint.allowedTokens()[Int(byte)], "branch \(branch)")
          try constraint.advance(Int(byte))
        }
        #expect(constraint.canEnd)
      }
    }
  }

  /// A list whose branches all begin with the same bracket, which a token may have several of.
  @Test func whatTokensReachIntoIsBounded() throws {
    let lengths = (1...200).map { #"{"maxItems": \#($0)}"# }.joined(separator: ",")
    let schema = ##"{"type": "array", "items": {"$ref": "#"}, "anyOf": [\##(lengths)]}"##
    var constraint = try TokenConstraint(schema: JSONValue(parsing: schema), tokens: TestVocabulary.small)
    for _ in 0..<3 {
      #expect(constraint.allowedTokens()[Int(UInt8(ascii: "["))])
      try constraint.advance(Int(UInt8(ascii: "[")))
    }
    for token in constraint.completion() { try constraint.advance(token) }
    #expect(constraint.isComplete)
  }

  /// Branches that begin alike and contain themselves have twice as many ways to be read with every level.
  @Test func ambiguityIsBounded() throws {
    let schema = try JSONValue(
      parsing: """
        {"$ref": "#/$defs/t", "$defs": {"t": {"anyOf": [
          {"type": "object", "properties": {"k": {"$ref": "#/$defs/t"}, "a": {"type": "null"}}},
          {"type": "object", "properties": {"k": {"$ref": "#/$defs/t"}, "b": {"type": "null"}}}]}}}
        """)
    var constraint = try TokenConstraint(schema: schema, whitespace: .none, tokens: TestVocabulary.small)
    for _ in 0..<50 { for byte in "{\"k\":".utf8 { try constraint.advance(Int(byte)) } }
    for token in constraint.completion() { try constraint.advance(token) }
    #expect(constraint.isComplete)
  }
}
