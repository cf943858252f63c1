import GPTOSSSampling
import GPTOSSStructuredOutput
import GPTOSSTokenizer

/// A stretch of a header between two markers, which has to be one of several texts.
struct HeaderSection: Sendable {
  private let texts: [String]
  private var matcher: TokenConstraint?
  private var bytes: [UInt8] = []

  /// - Parameter texts: one of them may be empty.
  init(_ texts: [String], _ trie: TokenTrie) throws(GPTOSSError) {
    self.texts = texts
    let written = texts.filter { !$0.isEmpty }
    guard !written.isEmpty else { return }
    do throws(StructuredOutputError) {
      matcher = try TokenConstraint(oneOf: written, tokens: trie)
    } catch { throw .structuredOutput(error) }
  }

  /// The text so far.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Whether the text so far is one of the texts.
  var isComplete: Bool { texts.contains(text) }

  /// The tokens of text that may come next.
  func allowedTokens(_ vocabulary: Vocabulary) -> TokenMask {
    guard let matcher, !matcher.isComplete else { return TokenMask(count: vocabulary.count) }
    return matcher.allowedTokens()
  }

  /// The token that has to come next; nil where there is a choice.
  ///
  /// - Parameter marker: what ends the section.
  func forcedToken(then marker: TokenID?) -> TokenID? {
    guard let matcher, !matcher.isComplete else { return isComplete ? marker : nil }
    return isComplete ? nil : matcher.forcedToken()
  }

  mutating func take(_ token: TokenID, _ vocabulary: Vocabulary) throws(GPTOSSError) {
    guard var matcher, let tokenBytes = vocabulary.bytes(of: token) else {
      throw .structuredOutput(.tokenNotAllowed(token))
    }
    do throws(StructuredOutputError) { try matcher.advance(token) } catch { throw .structuredOutput(error) }
    self.matcher = matcher
    bytes += tokenBytes
  }
}
