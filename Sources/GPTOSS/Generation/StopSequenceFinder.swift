/// Finds the first of several texts in a stream of text, holding back what may be a beginning of one.
package struct StopSequenceFinder {
  private let sequences: [[UInt8]]
  private var held: [UInt8] = []

  package init(_ sequences: [String]) {
    self.sequences = sequences.filter { !$0.isEmpty }.map { Array($0.utf8) }
  }

  /// Takes more text.
  ///
  /// - Returns: the text that is surely before any stop sequence, and whether one was found; then the rest is dropped.
  package mutating func push(_ text: String) -> (text: String, isFound: Bool) {
    guard !sequences.isEmpty else { return (text, false) }
    held += Array(text.utf8)
    for start in held.indices {
      let rest = held[start...]
      if sequences.contains(where: { rest.starts(with: $0) }) { return (take(start), true) }
    }
    let safe = held.indices.first { start in sequences.contains { $0.starts(with: held[start...]) } }
    return (take(safe ?? held.count), false)
  }

  /// What is held back, when no more text comes.
  package mutating func finish() -> String { take(held.count) }

  /// The first `count` bytes. A stop sequence begins with a character, so what stands before one ends with a character.
  private mutating func take(_ count: Int) -> String {
    defer { held.removeFirst(count) }
    return String(decoding: held[..<count], as: UTF8.self)
  }
}
