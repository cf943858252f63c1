/// How often the guesses of a generation were right, by how many tokens agreed before them.
///
/// It is kept whether guesses are read or not: what the lookup says is compared with what is chosen. So it
/// costs nothing to find out that guessing has begun to pay, or no longer does.
package struct GuessRecord {
  /// Guesses are counted together where the tokens that agree are at least so many, and fewer than the next.
  private static let lengths = [PromptLookup.unconfirmed, PromptLookup.shortest, 5, 9, 17]
  /// What is expected before anything is known, as if so many guesses had been seen. A little more than is
  /// mostly true: a wrong guess costs less than a copy that is noticed late.
  private static let expected = (chances: [0.4, 0.45, 0.65, 0.8, 0.9], weight: 4.0)
  /// What an earlier guess counts for beside a new one.
  private static let fading = 0.95

  private var right = [Double](repeating: 0, count: lengths.count)
  private var all = [Double](repeating: 0, count: lengths.count)

  package init() {}

  /// Takes note of a guess.
  ///
  /// - Parameters:
  ///   - length: how many tokens agreed (``PromptLookup/Match/length``).
  ///   - isRight: whether the model chose what was guessed.
  package mutating func note(after length: Int, isRight: Bool) {
    let place = Self.place(of: length)
    right[place] = right[place] * Self.fading + (isRight ? 1 : 0)
    all[place] = all[place] * Self.fading + 1
  }

  /// The probability that a guess is right if all before it are.
  ///
  /// - Parameter length: how many tokens agree then.
  package func chance(after length: Int) -> Double {
    let place = Self.place(of: length)
    let expected = Self.expected.chances[place] * Self.expected.weight
    return (right[place] + expected) / (all[place] + Self.expected.weight)
  }

  private static func place(of length: Int) -> Int {
    (lengths.lastIndex { $0 <= length }) ?? 0
  }
}
