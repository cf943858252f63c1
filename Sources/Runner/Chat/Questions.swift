import Synchronization

/// Lets tools ask the person who chats.
///
/// A tool runs in a task of its own. Its question goes to whoever shows the current turn, who asks it once
/// everything before it is on the screen.
final class Questions: Sendable {
  /// A question that a tool has.
  struct Question: Sendable {
    let text: String
    fileprivate let answers: AsyncStream<Bool>.Continuation

    /// Lets the tool go on.
    func answer(_ isYes: Bool) { answers.yield(isYes) }

    /// Ends the tool's waiting without an answer.
    func drop() { answers.finish() }
  }

  private let receiver = Mutex<(@Sendable (Question) -> Void)?>(nil)

  /// Says who asks the questions from now on; nil for nobody.
  func setReceiver(_ receiver: (@Sendable (Question) -> Void)?) {
    self.receiver.withLock { $0 = receiver }
  }

  /// Asks for a yes or a no, and waits for it.
  ///
  /// - Throws: `CancellationError` if the turn ends before there is an answer.
  func ask(_ text: String) async throws -> Bool {
    let (answers, continuation) = AsyncStream.makeStream(of: Bool.self)
    guard let receiver = receiver.withLock({ $0 }) else { throw CancellationError() }
    receiver(Question(text: "\(text) [y/N] ", answers: continuation))
    for await answer in answers { return answer }
    throw CancellationError()
  }
}
