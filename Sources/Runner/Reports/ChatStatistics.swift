import Foundation
package import GPTOSS

/// Figures of a conversation.
package struct ChatStatistics {
  private var answers = 0
  private var stopped = 0
  private var generatedTokens = 0
  private var readTokens = 0
  private var cachedTokens = 0
  private var last: GenerationStatistics?

  /// Nothing answered yet.
  package init() {}

  /// Counts an answer that the person has stopped. It has no figures.
  package mutating func addStopped() { stopped += 1 }

  /// Counts an answer.
  package mutating func add(_ answer: GenerationStatistics) {
    answers += 1
    generatedTokens += answer.generatedTokens
    readTokens += answer.promptTokens - answer.cachedTokens
    cachedTokens += answer.cachedTokens
    last = answer
  }
}

extension ChatStatistics: CustomStringConvertible {
  /// Lines for people.
  package var description: String {
    let stopped = stopped == 0 ? "" : ", \(stopped) stopped"
    guard let last else {
      return stopped.isEmpty ? "nothing was answered yet" : "no whole answer yet\(stopped)"
    }
    let miss = last.cacheMiss.map { "\n               \($0)" } ?? ""
    return """
      last answer    \(last.chatLine), seed \(last.seed), ended by \(last.stopReason.words)\(miss)
      conversation   \(answers) \(answers == 1 ? "answer" : "answers")\(stopped), \
      \(generatedTokens) tokens generated, \(readTokens) read, \(cachedTokens) cached
      """
  }
}

extension GenerationStatistics {
  /// One line for people.
  var chatLine: String {
    let first = String(format: "%.2f", timeToFirstToken / .seconds(1))
    let rate = String(format: decodeTokensPerSecond < 9.95 ? "%.1f" : "%.0f", decodeTokensPerSecond)
    return """
      \(generatedTokens) tokens, \(rate) tokens/s, \(promptTokens - cachedTokens) read, \(cachedTokens) \
      cached, first after \(first) s
      """
  }
}
