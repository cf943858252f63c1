import Foundation
import Synchronization

/// Lets tools ask the person who chats.
///
/// A tool runs in a task of its own. Its question goes to whoever shows the current turn, who asks it once
/// everything before it is on the screen.
final class Questions: Sendable {
  /// A question that a tool has.
  struct Question: Sendable {
    let text: String
    fileprivate let answers: AsyncStream<String>.Continuation

    /// Lets the tool go on.
    func answer(_ text: String) { answers.yield(text) }

    /// Ends the tool's waiting without an answer.
    func drop() { answers.finish() }
  }

  private let receiver = Mutex<(@Sendable (Question) -> Void)?>(nil)

  /// Says who asks the questions from now on; nil for nobody.
  func setReceiver(_ receiver: (@Sendable (Question) -> Void)?) {
    self.receiver.withLock { $0 = receiver }
  }

  /// Asks for a line, and waits for it.
  ///
  /// - Returns: the line without white space around it; empty where the input has ended.
  /// - Throws: `CancellationError` if the turn ends before there is an answer.
  func askForText(_ text: String) async throws -> String {
    let (answers, continuation) = AsyncStream.makeStream(of: String.self)
    guard let receiver = receiver.withLock({ $0 }) else { throw CancellationError() }
    receiver(Question(text: text, answers: continuation))
    for await answer in answers { return answer.trimmingCharacters(in: .whitespaces) }
    throw CancellationError()
  }

  /// Asks for a yes or a no, and waits for it; anything unclear is a no.
  ///
  /// - Throws: `CancellationError` if the turn ends before there is an answer.
  func ask(_ text: String) async throws -> Bool {
    ["y", "yes"].contains(try await askForText("\(text) [y/N] ").lowercased())
  }
}
