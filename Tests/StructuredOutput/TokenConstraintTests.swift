import GPTOSSHarmony
import GPTOSSStructuredOutput
import GPTOSSTokenizer
import Testing

@Suite struct TokenConstraintTests {
  @Test(arguments: SchemaCase.all) func acceptsAndRefuses(_ example: SchemaCase) throws {
    let constraint = try TokenConstraint(
      schema: JSONValue(parsing: example.schema), tokens: TestVocabulary.small)
    for text in example.accepted {
      #expect(Self.accepts(constraint, text), "\(example.schema) allows \(text)")
    }
    for text in example.refused {
      #expect(!Self.accepts(constraint, text), "\(example.schema) does not allow \(text)")
    }
  }

  static func accepts(_ start: TokenConstraint, _ text: String) -> Bool {
    var constraint = start
    for byte in text.utf8 {
      guard (try? constraint.advance(Int(byte))) != nil else { return false }
    }
    return constraint.canEnd
  }
}
