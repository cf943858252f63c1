import Foundation
import GPTOSS
import GPTOSSHTTPClient
import GPTOSSJSON
import GPTOSSPlatform
import GPTOSSTokenizer
import Synchronization

/// One generation on a server, from its request to its last event.
///
/// The server's bytes come on the client's queue; the lock orders them with the end.
final class RemoteGeneration: Sendable {
  /// Ends the exchange, and with it the server's work, for a reason that was found here.
  private struct Stopped: Error {
    let reason: StopReason
  }

  private struct State: Sendable {
    var head: HTTPResponse?
    /// What a server says that refuses.
    var refusal: [UInt8] = []
    var reader = EventStreamReader(limit: RemoteGeneration.eventLimit)
    var stream: TokenStream
    var decoder: StreamingDecoder
    var loop: LoopDetector?
    var statistics: GenerationStatistics
    var firstToken: ContinuousClock.Instant?
    var lastToken: ContinuousClock.Instant?
  }

  /// The most bytes of one event. The first one of completions has the prompt's ids.
  private static let eventLimit = 8 << 20

  private let order: TokenStream.Order
  private let yield: @Sendable (GenerationEvent) -> StopReason?
  private let started = ContinuousClock.now
  private let state: Mutex<State>

  /// - Parameters:
  ///   - order: what is asked for.
  ///   - vocabulary: the server's.
  ///   - loopGuard: what counts as a loop; nil to let it go on.
  ///   - seed: where the server's random numbers begin.
  ///   - yield: receives the events, the last one `.finished`; a reason that it returns ends the generation.
  init(
    _ order: TokenStream.Order, _ vocabulary: Vocabulary, loopGuard: LoopGuard?, seed: UInt64,
    yield: @escaping @Sendable (GenerationEvent) -> StopReason?
  ) {
    self.order = order
    self.yield = yield
    state = Mutex(
      State(
        stream: TokenStream(order), decoder: StreamingDecoder(vocabulary: vocabulary),
        loop: loopGuard.map(LoopDetector.init),
        statistics: GenerationStatistics(
          promptTokens: order.promptCount, stopReason: .maximumTokens, seed: seed)))
  }

  /// Generates.
  ///
  /// - Throws: `GPTOSSError`, `CancellationError`.
  func run(_ body: JSONValue, on server: RemoteServer) async throws {
    do {
      try await server.stream(order.dialect.path, body, byteLimit: order.byteLimit) { head in
        self.state.withLock { $0.head = head }
        // From now on it is known that the request can be answered.
        if head.status == 200 { _ = self.yield(.prompt(read: 0, total: self.order.promptCount)) }
      } receive: { data in
        try self.state.withLock { try self.take(data, &$0) }
      }
      finish(try end())
    } catch let stopped as Stopped {
      finish(stopped.reason)
    } catch let error as HTTPClientError {
      // A server that dies may close the connection once it has said all.
      if let reason = state.withLock({ $0.stream.finish }) { return finish(reason) }
      let hasBegun = state.withLock { $0.head != nil }
      throw GPTOSSError.engine(RemoteError(error, server: order.server, hasBegun: hasBegun))
    } catch let error as RemoteError {
      throw GPTOSSError.engine(error)
    }
  }

  // MARK: What comes

  private func take(_ data: Data, _ state: inout State) throws {
    guard state.head?.status == 200 else {
      state.refusal += data.prefix(RemoteServer.failureLimit - state.refusal.count)
      guard state.refusal.count < RemoteServer.failureLimit else { throw failure(state.head, state.refusal) }
      return
    }
    // Only a stream of events has lines that count; anything else is found out at the end.
    for piece in state.reader.take(data) {
      switch piece {
      case .tooLong:
        throw RemoteError.malformed(
          server: order.server, problem: "an event has more than \(Self.eventLimit) bytes")
      case .event(let event):
        for token in try state.stream.take(event.data) { try take(token, &state) }
      }
    }
  }

  private func take(_ token: TokenStream.Token, _ state: inout State) throws {
    let now = ContinuousClock.now
    if state.firstToken == nil {
      state.firstToken = now
      state.statistics.prefillTime = now - started
      state.statistics.timeToFirstToken = now - started
      _ = yield(.prompt(read: order.promptCount, total: order.promptCount))
    }
    state.lastToken = now
    state.statistics.generatedTokens += 1
    let isStop = order.stopTokens.contains(token.id)
    var report = GeneratedToken(id: token.id, text: "")
    if !isStop {
      do throws(TokenizerError) { report.text = try state.decoder.push(token.id) } catch {
        throw RemoteError.malformed(server: order.server, problem: "\(error)")
      }
      report.logProbability = token.logProbability
      report.alternatives = token.alternatives
    }
    let reason = yield(.token(report))
    if isStop { return }
    if let reason { throw Stopped(reason: reason) }
    if state.loop?.isLoop(after: token.id) == true { throw Stopped(reason: .repetition) }
  }

  // MARK: The end

  /// Why the server has ended the stream.
  ///
  /// - Throws: ``RemoteError`` if it has not said so, `GPTOSSError.model(.contextFull)`.
  private func end() throws -> StopReason {
    let (head, refusal, finish) = state.withLock { ($0.head, $0.refusal, $0.stream.finish) }
    guard let head, head.status == 200 else { throw failure(head, refusal) }
    if let finish { return finish }
    let type = (head["Content-Type"] ?? "").prefix { $0 != ";" }.lowercased()
    guard type == "text/event-stream" else {
      throw RemoteError.malformed(
        server: order.server, problem: "it answers with \(type.prefix(80)) and not with a stream of events")
    }
    throw RemoteError.endedEarly(server: order.server)
  }

  private func failure(_ head: HTTPResponse?, _ refusal: [UInt8]) -> any Error {
    let body: JSONValue
    do { body = try JSONValue(parsing: refusal) } catch { body = [:] }
    if let limit = order.contextLimit(in: body) {
      return GPTOSSError.model(.contextFull(needed: order.promptCount + 1, limit: limit))
    }
    return RemoteError(
      status: head?.status ?? 500, body, server: order.server, model: order.model,
      retryAfter: head?["Retry-After"].flatMap { Int($0) })
  }

  private func finish(_ reason: StopReason) {
    let (text, statistics) = state.withLock { state in
      state.statistics.stopReason = reason
      state.statistics.cachedTokens = state.stream.cachedCount
      if let first = state.firstToken, let last = state.lastToken {
        state.statistics.decodeTime = last - first
      }
      return (state.decoder.finish(), state.statistics)
    }
    _ = yield(.finished(text: text, statistics))
  }
}

extension TokenStream.Order {
  /// The most bytes of the stream: an event for each token, with its alternatives, and the prompt's ids.
  var byteLimit: Int {
    let perToken = 4096 + 256 * (1 + (logProbabilities ?? -1))
    return (1 << 20) + 16 * promptCount + limit * perToken
  }

  /// The length of the server's context, if a body says that the request is too long for it.
  fileprivate func contextLimit(in body: JSONValue) -> Int? {
    let error = body["error"]
    let message = error?["message"]?.stringValue ?? ""
    let isTooLong =
      error?["code"] == "context_length_exceeded" || error?["param"] == "input_tokens"
      || message.contains("longer than the maximum model length")
    guard isTooLong else { return nil }
    let numbers = message.split { !$0.isNumber }.compactMap { Int($0) }
    return numbers.first { $0 > 0 && $0 < promptCount } ?? promptCount
  }
}
