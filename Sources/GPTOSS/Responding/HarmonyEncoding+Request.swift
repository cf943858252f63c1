package import GPTOSSHarmony
package import GPTOSSTokenizer

// Conversations as the tokens that a model reads, wherever it runs.

extension HarmonyEncoding {
  /// `<|start|>assistant`
  package var assistantOpening: [TokenID] { [token(of: .start)] + tokenizer.encode(Role.assistant.rawValue) }

  /// Renders the messages that have no tokens.
  ///
  /// - Parameter entries: messages that follow each other.
  /// - Throws: `GPTOSSError.harmony` for a message that cannot be rendered.
  package func measure(_ entries: inout [Transcript.Entry]) throws(GPTOSSError) {
    let announces = Conversation(entries.map(\.message)).describesFunctions
    do throws(HarmonyError) {
      for index in entries.indices where entries[index].tokens == nil {
        entries[index].tokens = try render(entries[index].message, announcesFunctions: announces)
      }
    } catch { throw .harmony(error) }
  }

  /// The tokens of a request's messages; the end of every message is a checkpoint.
  ///
  /// - Parameter opensAnswer: whether the beginning of the assistant's next message follows.
  /// - Throws: `GPTOSSError.harmony` for a message that cannot be rendered.
  package func prompt(for request: ModelRequest, opensAnswer: Bool) throws(GPTOSSError) -> TokenizedPrompt {
    var entries = request.entries
    try measure(&entries)
    var prompt = TokenizedPrompt()
    for entry in entries {
      prompt.append(entry.tokens ?? [], isGenerated: entry.isGenerated)
      prompt.markCheckpoint(endOf: entry.message.author.role)
    }
    if opensAnswer { prompt.append(assistantOpening, isGenerated: true) }
    return prompt
  }

  /// A conversation that was rendered elsewhere; the end of every message is a checkpoint, and the assistant's
  /// messages count as generated.
  package func prompt(rendered tokens: [TokenID]) -> TokenizedPrompt {
    var prompt = TokenizedPrompt()
    var rest = tokens[...]
    while !rest.isEmpty {
      let end = rest.firstIndex { marker(of: $0)?.endsMessage ?? false }
      let message = rest[..<(end.map { $0 + 1 } ?? rest.endIndex)]
      prompt.append(Array(message), isGenerated: message.starts(with: assistantOpening))
      if end != nil { prompt.markCheckpoint(endOf: role(of: message)) }
      rest = rest[message.endIndex...]
    }
    return prompt
  }

  /// Whose message begins with these tokens: `<|start|>`, then a role, or a tool's name, and what follows a
  /// space. nil for what is no message.
  private func role(of message: ArraySlice<TokenID>) -> Role? {
    guard message.first == token(of: .start) else { return nil }
    let header = message.dropFirst().prefix { marker(of: $0) == nil }
    let author = header.flatMap { tokenizer.vocabulary.bytes(of: $0) ?? [] }.prefix {
      $0 != UInt8(ascii: " ")
    }
    return Role(rawValue: String(decoding: author, as: UTF8.self)) ?? .tool
  }
}
