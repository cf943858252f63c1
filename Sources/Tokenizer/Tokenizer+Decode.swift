extension Tokenizer {
  /// The bytes of tokens, end to end.
  ///
  /// - Throws: `TokenizerError.unknownToken` if the vocabulary has no token of an id.
  public func bytes(of tokens: [TokenID]) throws(TokenizerError) -> [UInt8] {
    var byteCount = 0
    for token in tokens {
      guard let tokenBytes = vocabulary.pointer(to: token) else {
        throw .unknownToken(token, count: vocabulary.count)
      }
      byteCount += tokenBytes.count
    }
    return [UInt8](unsafeUninitializedCapacity: byteCount) { output, initializedCount in
      for token in tokens {
        guard let tokenBytes = vocabulary.pointer(to: token) else { continue }
        _ = output[initializedCount...].update(fromContentsOf: tokenBytes)
        initializedCount += tokenBytes.count
      }
    }
  }

  /// The text of tokens; special tokens are spelled as their names.
  ///
  /// - Throws: `TokenizerError.unknownToken`; `TokenizerError.invalidUTF8` if the bytes are not UTF-8, as
  ///   when the tokens end within a character.
  public func decode(_ tokens: [TokenID]) throws(TokenizerError) -> String {
    let bytes = try bytes(of: tokens)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .invalidUTF8(byteOffset: UTF8Sequence.validPrefix(of: bytes.span))
    }
    return text
  }

  /// The text of tokens, in which U+FFFD replaces what is not UTF-8: one for each longest run of bytes
  /// that could start a character, or else for each byte, as Unicode recommends.
  ///
  /// - Throws: `TokenizerError.unknownToken`.
  /// - SeeAlso: The Unicode Standard, section 3.9, "U+FFFD Substitution of Maximal Subparts".
  public func decodeReplacingInvalid(_ tokens: [TokenID]) throws(TokenizerError) -> String {
    try String(decoding: bytes(of: tokens), as: UTF8.self)
  }
}
