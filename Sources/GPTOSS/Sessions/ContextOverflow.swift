/// What happens when a conversation no longer fits the context.
///
/// The current turn is never touched: a user's message with the calls and results that followed it. The
/// transcript keeps everything; only what the model sees gets shorter.
public enum ContextOverflow: String, Sendable, Codable, CaseIterable {
  /// Nothing is left out: the request throws `GPTOSSError.conversationTooLong`.
  case stop
  /// The oldest turns are left out.
  case dropOldestTurns
  /// The first turn stays, and turns after it are left out.
  case truncateMiddle
}

extension ContextOverflow {
  /// Which of a conversation's turns the model gets to see.
  ///
  /// More is left out than needed, until a quarter of the room is free. So the next turns find room, and what
  /// the model remembers stays of use for some time.
  ///
  /// - Parameters:
  ///   - lengths: tokens of each turn, the current one last.
  ///   - omitted: how many turns were left out last time.
  ///   - room: the tokens that all turns together may have.
  /// - Returns: how many turns to leave out, and whether the rest fits.
  package func turnsToOmit(_ lengths: [Int], omitted: Int, room: Int) -> (omitted: Int, fits: Bool) {
    let first = self == .truncateMiddle ? 1 : 0
    let most = self == .stop ? 0 : max(0, lengths.count - 1 - first)
    func total(_ omitted: Int) -> Int {
      lengths[..<min(first, lengths.count)].reduce(0, +) + lengths.dropFirst(first + omitted).reduce(0, +)
    }
    let omitted = min(omitted, most)
    guard total(omitted) > room else { return (omitted, true) }
    let target = room - room / 4
    let wanted = (omitted...most).first { total($0) <= target } ?? most
    return (wanted, total(wanted) <= room)
  }

  /// The turns that are left, of `count`.
  package func keptTurns(of count: Int, omitted: Int) -> [Int] {
    let first = self == .truncateMiddle ? min(1, count) : 0
    return Array(0..<first) + Array(min(first + omitted, count)..<count)
  }
}
