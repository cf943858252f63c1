import GPTOSS

/// The generations of one request, one per choice, as one stream of events.
///
/// Each runs at the engine's speed, however slowly its events are read: its slot is free as soon as the last
/// token is generated.
final class Generations<Event: Sendable>: Sendable {
  /// An event and the number of the choice that it belongs to.
  typealias Numbered = (choice: Int, event: Event)

  /// The events of all choices as they come.
  let events: AsyncThrowingStream<Numbered, any Error>
  private let continuation: AsyncThrowingStream<Numbered, any Error>.Continuation
  private let beginning: AsyncThrowingStream<Void, any Error>

  /// Starts to generate.
  ///
  /// - Parameters:
  ///   - places: one per choice.
  ///   - generate: starts the generation of a choice once it has its slot.
  init(
    _ places: [Place], generate: @escaping @Sendable (_ choice: Int) -> EventStream<Event>
  ) {
    let (events, continuation) = AsyncThrowingStream.makeStream(of: Numbered.self)
    let (beginning, begin) = AsyncThrowingStream.makeStream(of: Void.self)
    self.events = events
    self.continuation = continuation
    self.beginning = beginning
    let task = Task {
      do {
        try await withThrowingTaskGroup { group in
          for (choice, place) in places.enumerated() {
            group.addTask {
              defer { place.leave() }
              try await place.waitForSlot()
              for try await event in generate(choice) {
                continuation.yield((choice, event))
                begin.finish()
              }
            }
          }
          try await group.waitForAll()
        }
        begin.finish()
        continuation.finish()
      } catch {
        begin.finish(throwing: error)
        continuation.finish(throwing: error)
      }
    }
    continuation.onTermination = { _ in task.cancel() }
  }

  /// Returns at the first event. By then it is known whether the request can be answered.
  ///
  /// - Throws: what generating threw, `CancellationError`.
  func waitForBeginning() async throws {
    for try await _ in beginning {}
    try Task.checkCancellation()
  }

  /// Ends all generations, within a token.
  func cancel() { continuation.finish(throwing: CancellationError()) }
}
