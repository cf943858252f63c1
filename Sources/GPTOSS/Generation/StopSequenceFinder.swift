/// Finds the first of several texts in a stream of text, holding back what may be the beginning of one.
package struct StopSequenceFinder {
  /// The one that was found.
  package private(set) var found: String?
  private let sequences: [[UInt8]]
  private var held: [UInt8] = []

  package init(_ sequences: [String]) {
    self.sequences = sequences.filter { !$0.isEmpty }.map { Array($0.utf8) }
  }

  /// Takes more text.
  ///
  /// - Returns: the text that is surely before any stop sequence, and whether one was found. If so, what
  ///   follows it is dropped.
  package mutating func push(_ text: String) -> (text: String, isFound: Bool) {
    guard !sequences.isEmpty else { return (text, false) }
    held += Array(text.utf8)
    for start in held.indices {
      let rest = held[start...]
      if let sequence = sequences.first(where: { rest.starts(with: $0) }) {
        found = String(decoding: sequence, as: UTF8.self)
        return (take(start), true)
      }
    }
    let safe = held.indices.first { start in sequences.contains { $0.starts(with: held[start...]) } }
    return (take(safe ?? held.count), false)
  }

  /// What is held back, when no more text comes.
  package mutating func finish() -> String { take(held.count) }

  /// The first `count` bytes. They end with a whole character, since a stop sequence begins with one.
  private mutating func take(_ count: Int) -> String {
    defer { held.removeFirst(count) }
    return String(decoding: held[..<count], as: UTF8.self)
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
