package import GPTOSS
package import GPTOSSHarmony

extension Conversation {
  /// The conversation without the turns for which the context has no room.
  ///
  /// What stands before the first message of the user always stays, and so does the last turn.
  ///
  /// - Throws: `GPTOSSError` for a message that the model cannot read.
  package func fitted(
    to model: any TokenModel, _ overflow: ContextOverflow, _ options: ResponseOptions
  ) throws(GPTOSSError) -> Conversation {
    let profile = model.profile
    // A token has a byte or more, and a message a few tokens around it.
    let bytes = messages.reduce(0) { $0 + $1.text.utf8.count + 32 }
    guard overflow != .stop, messages.count > 1, bytes > profile.contextLength / 2 else { return self }
    var entries = ModelRequest(self, options).entries
    try model.measure(&entries)
    let starts = entries.indices.filter { entries[$0].message.author.role == .user }
    guard let first = starts.first else { return self }
    func count(_ range: Range<Int>) -> Int { entries[range].reduce(0) { $0 + ($1.tokenCount ?? 0) } }
    let turns = zip(starts, starts.dropFirst() + [entries.count]).map { $0..<$1 }
    let reserve = min(options.generation.maximumTokens ?? .max, profile.contextLength / 4)
    let room = profile.contextLength - count(0..<first) - reserve - profile.openingTokenCount
    let omitted = overflow.turnsToOmit(turns.map(count), omitted: 0, room: room).omitted
    guard omitted > 0 else { return self }
    let kept = overflow.keptTurns(of: turns.count, omitted: omitted).flatMap { entries[turns[$0]] }
    return Conversation((entries[0..<first] + kept).map(\.message))
  }
}
