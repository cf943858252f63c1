public import GPTOSSHarmony
import Synchronization

/// Where a model puts what it writes: events for those who watch, and messages for the conversation.
public final class ModelChannel: Sendable {
  private let round = Mutex(WrittenRound())
  private let onEvent: @Sendable (ResponseEvent) -> Void

  /// A channel.
  ///
  /// - Parameter onEvent: receives the events as they come.
  public init(onEvent: @escaping @Sendable (ResponseEvent) -> Void = { _ in }) { self.onEvent = onEvent }

  /// Tells what happens while the model writes: reasoning, text, calls and the prompt's progress.
  public func send(_ event: ResponseEvent) { onEvent(event) }

  /// Adds a message that is complete.
  public func add(_ message: Message) {
    round.withLock { $0.messages.append(WrittenMessage(message: message, tokens: nil)) }
  }

  /// Sets the figures of what was written.
  public func finish(_ statistics: GenerationStatistics) { round.withLock { $0.statistics = statistics } }

  /// Sets all that was written.
  package func set(_ written: WrittenRound) { round.withLock { $0 = written } }

  /// What was written so far.
  package var written: WrittenRound { round.withLock(\.self) }
}
