/// Finds the first of several texts in a stream of text, holding back what may be the beginning of one.
///
/// The first is the one that ends first, and of those that end together the longest: however the text is cut
/// into pieces, the same is found. A byte costs the same however long the texts are (Knuth, Morris and Pratt,
/// "Fast Pattern Matching in Strings", 1977).
package struct StopSequenceFinder {
  /// The one that was found.
  package private(set) var found: String?
  private var matchers: [Matcher]
  /// What has come and is not given out: from `start` on.
  private var held: [UInt8] = []
  private var start = 0

  /// - Complexity: O(n) in time and memory, n being the bytes of all sequences.
  package init(_ sequences: [String]) {
    matchers = sequences.filter { !$0.isEmpty }.map { Matcher(Array($0.utf8)) }
  }

  /// Takes more text.
  ///
  /// - Returns: the text that is surely before any stop sequence, and whether one was found. If so, what
  ///   follows it is dropped.
  package mutating func push(_ text: String) -> (text: String, isFound: Bool) {
    guard !matchers.isEmpty else { return (text, false) }
    for byte in text.utf8 {
      held.append(byte)
      var longest = 0
      for index in matchers.indices where matchers[index].takes(byte) {
        longest = max(longest, matchers[index].sequence.count)
      }
      guard longest > 0 else { continue }
      found = String(decoding: held.suffix(longest), as: UTF8.self)
      return (take(upTo: held.count - longest), true)
    }
    return (take(upTo: held.count - (matchers.map(\.matched).max() ?? 0)), false)
  }

  /// What is held back, when no more text comes.
  package mutating func finish() -> String { take(upTo: held.count) }

  /// The text up to an index of `held`. It ends with a whole character, since a stop sequence begins with one.
  private mutating func take(upTo end: Int) -> String {
    defer {
      start = end
      // Moved seldom, so that a text which is held back for long costs no more with every piece.
      if start > held.count / 2 {
        held.removeFirst(start)
        start = 0
      }
    }
    return String(decoding: held[start..<end], as: UTF8.self)
  }
}

/// Follows one sequence through a text.
private struct Matcher {
  let sequence: [UInt8]
  /// How many bytes of the sequence the text ends with: the longest beginning that could go on.
  private(set) var matched = 0
  /// For each beginning of `index + 1` bytes, the longest shorter one that it ends with.
  private let shorter: [Int]

  init(_ sequence: [UInt8]) {
    self.sequence = sequence
    var shorter = [0]
    for index in sequence.indices.dropFirst() {
      var length = shorter[index - 1]
      while length > 0, sequence[length] != sequence[index] { length = shorter[length - 1] }
      shorter.append(sequence[length] == sequence[index] ? length + 1 : 0)
    }
    self.shorter = shorter
  }

  /// Takes a byte of the text.
  ///
  /// - Returns: whether the sequence ends with it.
  mutating func takes(_ byte: UInt8) -> Bool {
    if matched == sequence.count { matched = shorter[matched - 1] }
    while matched > 0, sequence[matched] != byte { matched = shorter[matched - 1] }
    if sequence[matched] == byte { matched += 1 }
    return matched == sequence.count
  }
}

extension StopSequenceFinder {
  /// Takes an event of a generation.
  ///
  /// - Returns: the event with the text that is surely before any stop sequence, and the reason to stop if
  ///   one was found.
  mutating func pass(_ event: GenerationEvent) -> (GenerationEvent, StopReason?) {
    switch event {
    case .prompt: return (event, nil)
    case .token(var token):
      let (text, isFound) = push(token.text)
      token.text = text
      return (.token(token), isFound ? .stopSequence : nil)
    case .finished(let text, var statistics):
      if statistics.stopReason == .stopSequence {
        statistics.stopSequence = found
        return (.finished(text: "", statistics), nil)
      }
      return (.finished(text: push(text).text + finish(), statistics), nil)
    }
  }

  /// What stands in a text before the first of several others.
  static func text(_ text: String, before sequences: [String]) -> String {
    var finder = StopSequenceFinder(sequences)
    let (kept, isFound) = finder.push(text)
    return isFound ? kept : kept + finder.finish()
  }
}
