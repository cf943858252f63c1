public import GGUF
import GPTOSSPlatform

#if canImport(FoundationEssentials)
  public import protocol FoundationEssentials.LocalizedError
#else
  public import protocol Foundation.LocalizedError
#endif

/// What can be wrong with a vocabulary, a text or a list of tokens.
public enum TokenizerError: Error, Equatable, Sendable {
  /// A GGUF file cannot be read, or has no vocabulary.
  case file(GGUFError)
  /// A GGUF file's vocabulary is of another kind than gpt-oss's.
  case unsupportedVocabulary(model: String, splitter: String)
  /// A URL that names no local file.
  case notAFileURL(String)
  /// No file but what `kind` says, such as `a folder`.
  case notAFile(path: String, kind: String)
  /// The file could not be read; `errorNumber` is the system's `errno`.
  case unreadableFile(path: String, errorNumber: Int32)
  /// A line of a .tiktoken file (counted from 1) is not base64, a space and a decimal number.
  case malformedLine(line: Int)
  /// A token id, or the number of tokens, is over what the tables hold.
  case tokenIDTooLarge(Int, limit: Int)
  /// The tokens' bytes or the merges, taken together, are more than the tables hold.
  case vocabularyTooLarge
  /// So many tokens or merges fall on the same places of the tables that reading them would take minutes. No vocabulary
  /// does so that was not made for it.
  case crowdedVocabulary
  /// Two tokens of the vocabulary have the same id.
  case duplicateTokenID(TokenID)
  /// Two tokens of the vocabulary have the same bytes.
  case duplicateToken(TokenID, sameAs: TokenID)
  /// A token has no bytes.
  case emptyToken(TokenID)
  /// A token of a GGUF vocabulary has a character outside the byte alphabet, or is not UTF-8.
  case malformedToken(TokenID)
  /// The name of a special token has more bytes than are looked for in texts.
  case specialTokenTooLong(TokenID, limit: Int)
  /// A token of type *byte* is not spelled `<0x00>` to `<0xFF>`.
  case malformedByteToken(TokenID)
  /// A token's type is none of GGUF's.
  case unknownTokenType(Int32, token: TokenID)
  /// The lists of tokens and of token types differ in length.
  case countMismatch(tokens: Int, tokenTypes: Int)
  /// No token stands for this single byte, so that some texts could not be encoded.
  case missingByteToken(UInt8)
  /// A merge (counted from 0) is not two tokens with a space between them.
  case malformedMerge(index: Int)
  /// A merge names a token that is not in the vocabulary.
  case unknownTokenInMerge(index: Int)
  /// What a merge makes is not in the vocabulary.
  case unknownMergeResult(index: Int)
  /// A merge (counted from 0) repeats an earlier one.
  case duplicateMerge(index: Int)
  /// A special token has an id or a text that another token has already.
  case specialTokenTaken(String, TokenID)
  /// The vocabulary has no token with this id; it has ids below `count`.
  case unknownToken(TokenID, count: Int)
  /// The tokens' bytes are not UTF-8, from this offset on.
  case invalidUTF8(byteOffset: Int)
  /// The text contains the text of a special token, which the caller ruled out.
  case specialTokenInText(String, byteOffset: Int)
}

extension TokenizerError: CustomStringConvertible {
  /// One line that names the cause, and the remedy where there is one.
  public var description: String { text.inert }

  private var text: String {
    switch self {
    case .file(let error): "\(error)"
    case .unsupportedVocabulary(let model, let splitter):
      "the file's tokenizer is \(model.quoted) with pre-tokenizer \(splitter.quoted); "
        + "gpt-oss files have \"gpt2\" with \"gpt-4o\""
    case .notAFileURL(let url): "\(url) is not the address of a local file; download it and open that"
    case .notAFile(let path, let kind):
      "cannot read the vocabulary \(path): it is \(kind), not a file; give the path of a .tiktoken file"
    case .unreadableFile(let path, let errorNumber):
      "cannot read the vocabulary \(path): \(systemMessage(errorNumber)); check the path and its permissions"
    case .malformedLine(let line):
      "line \(line) of the vocabulary is not a base64 token, a space and an id: is it a .tiktoken file?"
    case .tokenIDTooLarge(let id, let limit):
      "token id \(id) of the vocabulary is over the limit of \(limit)"
    case .vocabularyTooLarge:
      "the vocabulary has more bytes or merges than its tables can hold"
    case .crowdedVocabulary:
      "the vocabulary's tokens or merges fall on the same places of the tables, as if made to be slow"
    case .duplicateTokenID(let id):
      "the vocabulary has token id \(id) twice"
    case .duplicateToken(let id, let other):
      "tokens \(other) and \(id) of the vocabulary have the same bytes"
    case .emptyToken(let id):
      "token \(id) of the vocabulary is empty"
    case .malformedToken(let id):
      "token \(id) of the vocabulary is not written in the byte alphabet of GPT-2"
    case .specialTokenTooLong(let id, let limit):
      "special token \(id) of the vocabulary has a name of more than \(limit) bytes"
    case .malformedByteToken(let id):
      "token \(id) of the vocabulary is of type byte, but is not spelled <0x00> to <0xFF>"
    case .unknownTokenType(let type, let id):
      "token \(id) of the vocabulary has the unknown type \(type)"
    case .countMismatch(let tokens, let tokenTypes):
      "the vocabulary has \(tokens) tokens but \(tokenTypes) token types"
    case .missingByteToken(let byte):
      "the vocabulary has no token for the single byte \(byte)"
    case .malformedMerge(let index):
      "merge \(index) of the vocabulary is not two tokens with a space between them"
    case .unknownTokenInMerge(let index):
      "merge \(index) of the vocabulary names a token that the vocabulary lacks"
    case .unknownMergeResult(let index):
      "merge \(index) of the vocabulary makes a token that the vocabulary lacks"
    case .duplicateMerge(let index):
      "merge \(index) of the vocabulary repeats an earlier merge"
    case .specialTokenTaken(let text, let id):
      "special token \(text) (\(id)) has the id or the text of another token"
    case .unknownToken(let id, let count):
      "there is no token \(id) in this vocabulary of \(count)"
    case .invalidUTF8(let byteOffset):
      "the tokens' bytes are not UTF-8 at byte \(byteOffset)"
    case .specialTokenInText(let text, let byteOffset):
      "the text contains the special token \(text) at byte \(byteOffset): allow it or encode it as text"
    }
  }
}

extension TokenizerError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}
