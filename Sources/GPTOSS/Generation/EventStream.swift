/// What happens while a model works: events as they come, the last of which says how it ended.
///
///     let events = model.generate(from: tokens)
///     for try await event in events { … }
///
/// The work begins at once, whether the events are awaited or not. Events wait for whoever reads slowly; one
/// iteration takes them.
///
/// **How it ends.** A stream ends in one of two ways: with its last event, which is `.finished` for
/// everything that a model writes, or with an error. Work that is stopped stops within a token, and its
/// stream throws `CancellationError`. There are three ways to stop it: ``cancel()``, cancelling the task that
/// iterates, and dropping the stream and its iterator. In a function, leaving the loop drops the iterator. In
/// the top-level code of a program it does not, because Swift keeps the iterator until the program ends: call
/// ``cancel()`` after `break`.
public struct EventStream<Event: Sendable>: AsyncSequence, Sendable {
  /// What the stream consists of.
  public typealias Element = Event
  /// `GPTOSSError`, `CancellationError`, or what a hook of the app threw.
  public typealias Failure = any Error

  fileprivate enum Step: Sendable {
    case event(Event)
    case last(Event)
  }

  private let steps: AsyncThrowingStream<Step, any Error>
  private let onCancel: @Sendable () -> Void
  /// What does the work.
  package let task: Task<Void, Never>

  /// Begins work and reports what it does.
  ///
  /// - Parameter body: does the work in a task of its own, calls its argument with each event but the last,
  ///   and returns the last. What it throws ends the stream; once it was stopped, that is
  ///   `CancellationError`, whatever it throws.
  public init(
    _ body: @escaping @Sendable (_ yield: @escaping @Sendable (Event) -> Void) async throws -> Event
  ) {
    self.init(onCancel: {}, body)
  }

  /// - Parameter onCancel: called when the work is to stop, before its task is cancelled.
  init(
    onCancel: @escaping @Sendable () -> Void,
    _ body: @escaping @Sendable (_ yield: @escaping @Sendable (Event) -> Void) async throws -> Event
  ) {
    let (steps, continuation) = AsyncThrowingStream.makeStream(of: Step.self)
    let task = Task {
      do {
        let last = try await body { continuation.yield(.event($0)) }
        continuation.yield(.last(last))
        continuation.finish()
      } catch {
        continuation.finish(throwing: Task.isCancelled ? CancellationError() : error)
      }
    }
    continuation.onTermination = { reason in
      guard case .cancelled = reason else { return }
      onCancel()
      task.cancel()
    }
    self.steps = steps
    self.onCancel = onCancel
    self.task = task
  }

  /// Stops the work within a token, unless it has ended. Events that have come can still be read; after them
  /// the stream throws `CancellationError`.
  public func cancel() {
    onCancel()
    task.cancel()
  }

  /// Waits for the last event and drops the others. When this throws, the work has ended.
  ///
  /// - Throws: what the stream throws.
  package func last() async throws -> Event {
    do {
      var iterator = makeAsyncIterator()
      var last = try await iterator.next()
      while let event = try await iterator.next() { last = event }
      guard let last else { preconditionFailure("a stream ends with an event or an error") }
      return last
    } catch {
      await task.value
      throw error
    }
  }

  /// The events; to be taken once.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(steps: steps.makeAsyncIterator()) }

  /// Takes the events one by one.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var steps: AsyncThrowingStream<Step, any Error>.Iterator
    private var isOver = false

    fileprivate init(steps: AsyncThrowingStream<Step, any Error>.Iterator) { self.steps = steps }

    /// The next event; nil after the last one or an error.
    ///
    /// - Throws: what ended the work before its last event, once.
    public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> Event? {
      guard !isOver else { return nil }
      do {
        switch try await steps.next(isolation: actor) {
        case .event(let event)?: return event
        case .last(let event)?:
          isOver = true
          return event
        // The iteration of a cancelled task ends like this.
        case nil: throw CancellationError()
        }
      } catch {
        isOver = true
        throw error
      }
    }
  }
}
