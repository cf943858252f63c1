import GPTOSSPlatform

#if canImport(FoundationEssentials)
  public import struct FoundationEssentials.URL
#else
  public import struct Foundation.URL
#endif

extension Vocabulary {
  /// Reads a vocabulary from a .tiktoken file: one line per token, its bytes in base64, a space and its id.
  ///
  /// The file has no merges: two tokens merge if their bytes together are a token, the lowest id first. A
  /// piece of text that is a token becomes it at once.
  ///
  /// - Parameters:
  ///   - path: the file, such as `o200k_base.tiktoken`.
  ///   - specialTokens: not in the file.
  /// - Throws: `TokenizerError` if the file cannot be read or is malformed, if a token occurs twice, or if a
  ///   single byte has no token.
  public convenience init(
    tiktoken path: String, specialTokens: SpecialTokens = .o200kHarmony
  ) throws(TokenizerError) {
    if let kind = unreadableFileKind(path) { throw .notAFile(path: path, kind: kind) }
    let contents: [UInt8]
    do { contents = try readFile(path) } catch { throw .unreadableFile(path: path, errorNumber: error.code) }
    try self.init(tiktokenFile: contents, specialTokens: specialTokens)
  }

  /// Reads a vocabulary from a .tiktoken file that a URL names.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - specialTokens: not in the file.
  /// - Throws: `TokenizerError` as for a path, and for the address of something else than a local file.
  public convenience init(
    tiktoken url: URL, specialTokens: SpecialTokens = .o200kHarmony
  ) throws(TokenizerError) {
    guard let path = url.localPath else { throw .notAFileURL(url.absoluteString) }
    try self.init(tiktoken: path, specialTokens: specialTokens)
  }

  /// Makes a vocabulary from the contents of a .tiktoken file.
  ///
  /// - Parameters:
  ///   - contents: all bytes of the file.
  ///   - specialTokens: not in the file.
  /// - Throws: `TokenizerError` as for a path.
  public convenience init(
    tiktokenFile contents: [UInt8], specialTokens: SpecialTokens = .o200kHarmony
  ) throws(TokenizerError) {
    let list = try TiktokenFile(contents).makeList(specialTokens: specialTokens)
    let (table, byteTokens) = try list.makeTable()
    let merges = try MergeTable.ofSplits(
      of: list.ordinaryTokens, tokens: table.tokens, byteTokens: byteTokens)
    let tables = VocabularyTables(tokens: table, pieces: table, merges: merges, byteTokens: byteTokens)
    try self.init(tables, specialTokens: specialTokens)
  }
}
