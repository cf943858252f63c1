import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSStructuredOutput
import Testing

/// A schema, and texts that its constraint must accept and refuse, read byte by byte.
struct SchemaCase: Sendable {
  let schema: String
  let accepted: [String]
  let refused: [String]

  init(_ schema: String, accepts accepted: [String], refuses refused: [String]) {
    self.schema = schema
    self.accepted = accepted
    self.refused = refused
  }

  static let all = json + numbers + strings + objects + arrays + combinations

  /// Holds the constraint to the texts.
  func check() throws {
    let constraint = try TokenConstraint(schema: JSONValue(parsing: schema), tokens: TestVocabulary.small)
    for text in accepted { #expect(Self.accepts(constraint, text), "\(schema) allows \(text)") }
    for text in refused { #expect(!Self.accepts(constraint, text), "\(schema) does not allow \(text)") }
  }

  /// Whether a constraint takes a text byte by byte and lets it end.
  static func accepts(_ start: TokenConstraint, _ text: String) -> Bool {
    var constraint = start
    for byte in text.utf8 {
      guard (try? constraint.advance(Int(byte))) != nil else { return false }
    }
    return constraint.canEnd
  }
}
