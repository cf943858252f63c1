import GPTOSSTokenizer

/// Guesses what follows by what followed before: it looks for the longest end of the text that occurred
/// earlier, and copies from there.
///
/// Where the text leaves what it copies, it is expected back: behind one other token, or where a token that it
/// writes stands a little further on. What was replaced by what is remembered, so that of a name that is
/// changed throughout a text only the first places are surprises. Among places that are equally good the
/// latest counts.
///
/// Source: Saxena, "Prompt Lookup Decoding", 2023; Yang et al., "Inference with Reference", 2023. Both start
/// anew at each difference.
package struct PromptLookup {
  /// An earlier place where the text went on.
  package struct Match: Equatable {
    fileprivate var source: Source
    /// How many tokens before it are the same as the last ones, at most ``longest``; behind an edit, how much
    /// the place is trusted in the same unit.
    package fileprivate(set) var length: Int
    /// The position of what followed there.
    package var next: Int { source.next }
  }

  /// What a match that nothing has confirmed is trusted: less than any that was found.
  package static let unconfirmed = 1
  package static let shortest = IndexedText.shortest
  package static let longest = IndexedText.longest
  /// The text comes back within so many tokens of where it left, or it is not waited for.
  private static let mostSkipped = 6
  /// So many new tokens may be written before it comes back.
  private static let mostWritten = 4
  /// What replaces more tokens than these is no name.
  private static let mostReplaced = 3

  /// A place that is copied from, replacing what was replaced before.
  fileprivate struct Source: Equatable {
    /// The position of the token that is copied next, or of the first of those that are replaced.
    var next: Int
    /// What is still to be written in place of the source's tokens; empty where they are copied.
    var rest: ArraySlice<TokenID> = []
    /// The position behind what is replaced.
    var end: Int
  }

  /// Where the text left what it copied.
  private struct Edit {
    /// The position of the first token that was not copied.
    let start: Int
    /// The length of the match until then.
    let length: Int
    /// What was written since.
    var written: [TokenID]
  }

  private struct Replacement {
    var count: Int
    var written: [TokenID]
  }

  private var text: IndexedText
  /// Where the text went on before; nil if its end is new.
  package private(set) var match: Match?
  private var edit: Edit?
  /// `[the first token that is replaced]`
  private var replacements: [TokenID: Replacement] = [:]

  /// A lookup in a text that begins with these tokens.
  package init(_ tokens: [TokenID]) {
    text = IndexedText(tokens)
    match = longestMatch()
  }

  /// Takes the next token of the text.
  package mutating func append(_ token: TokenID) {
    let isAsGuessed = guess == token
    text.append(token)
    guard var match else {
      self.match = returned(with: token, unless: longestMatch())
      return
    }
    if isAsGuessed {
      match.length = min(match.length + 1, Self.longest)
      // The token before this one was the whole edit.
      if let edit, edit.written.count == 1 { match.length = max(match.length, settle(edit, skipped: 1)) }
      edit = nil
      match.source = next(behind: match.source)
      self.match = match
    } else if isAsBeforeReplacing(match.source, token) {
      replacements[token] = nil
      match.length = min(match.length + 1, Self.longest)
      match.source = source(at: match.next + 1)
      self.match = match
    } else {
      if match.length >= Self.shortest {
        edit = Edit(start: match.next, length: match.length, written: begun(of: match.source))
      }
      self.match = returned(with: token, unless: longestMatch())
    }
  }

  /// The token that the match says is next; nil without one.
  package var guess: TokenID? { match.map { $0.source.rest.first ?? text.tokens[$0.next] } }

  /// What followed the match, at most `limit` tokens. Where the text repeats itself, what was guessed is
  /// repeated, too.
  package func guesses(atMost limit: Int) -> [TokenID] {
    guard var source = match?.source else { return [] }
    var guesses: [TokenID] = []
    while guesses.count < limit {
      if let token = source.rest.first {
        guesses.append(token)
      } else if source.next < text.tokens.count {
        guesses.append(text.tokens[source.next])
      } else {
        let repeated = source.next - text.tokens.count
        guard repeated < guesses.count else { break }
        guesses.append(guesses[repeated])
      }
      source = next(behind: source)
    }
    return guesses
  }

  private func longestMatch() -> Match? {
    text.longestMatch().map { Match(source: source(at: $0.next), length: $0.length) }
  }

  // MARK: Sources

  /// The place itself, or the replacement that begins there.
  private func source(at place: Int) -> Source {
    guard place < text.tokens.count, let replacement = replacements[text.tokens[place]],
      place + replacement.count <= text.tokens.count
    else { return Source(next: place, end: place) }
    return Source(next: place, rest: replacement.written[...], end: place + replacement.count)
  }

  private func next(behind source: Source) -> Source {
    if source.rest.count > 1 {
      return Source(next: source.next, rest: source.rest.dropFirst(), end: source.end)
    }
    return self.source(at: source.rest.isEmpty ? source.next + 1 : source.end)
  }

  /// What has been written of the replacement that a place is in.
  private func begun(of source: Source) -> [TokenID] {
    guard !source.rest.isEmpty, let replacement = replacements[text.tokens[source.next]] else { return [] }
    return replacement.written.dropLast(source.rest.count)
  }

  // MARK: Edits

  /// Whether a replacement was expected to begin, and the text has what was there before.
  private func isAsBeforeReplacing(_ source: Source, _ token: TokenID) -> Bool {
    guard let replacement = replacements[token], !source.rest.isEmpty else { return false }
    return text.tokens[source.next] == token && source.rest == replacement.written[...]
  }

  /// Where an edit ends with a token that was not guessed, or where it may end.
  ///
  /// - Parameter found: the longest match.
  /// - Returns: `found` if there is no edit, or if it says more.
  private mutating func returned(with token: TokenID, unless found: Match?) -> Match? {
    guard var edit else { return found }
    self.edit = nil
    let length = found?.length ?? 0
    guard length < edit.length else { return found }
    let places = edit.start..<min(edit.start + Self.mostSkipped + 1, text.tokens.count - 1)
    if !edit.written.isEmpty, let place = places.first(where: { text.tokens[$0] == token }) {
      let trust = settle(edit, skipped: place - edit.start)
      return length >= trust ? found : Match(source: source(at: place + 1), length: trust)
    }
    edit.written.append(token)
    guard edit.written.count <= Self.mostWritten else { return found }
    self.edit = edit
    // The likeliest edit is one token for another.
    guard edit.written.count == 1 else { return found }
    return Match(source: source(at: edit.start + 1), length: Self.unconfirmed)
  }

  /// Remembers what an edit replaced.
  ///
  /// - Parameter skipped: how many tokens of the source were left out.
  /// - Returns: how much the place behind it is trusted.
  private mutating func settle(_ edit: Edit, skipped: Int) -> Int {
    if 1...Self.mostReplaced ~= skipped {
      replacements[text.tokens[edit.start]] = Replacement(count: skipped, written: edit.written)
    }
    return max(Self.shortest, edit.length / 2)
  }
}
