public import GPTOSSJSON

/// A typed answer while it is written: what there is of it, again and again.
///
///     for try await partial in session.streamResponse(to: "Pancakes, please.", generating: Recipe.self) {
///       show(title: partial.json["title"]?.stringValue, steps: partial.value?.steps ?? [])
///     }
///
/// A long answer is not read anew with each token: the next partial answer comes when the text has grown by a
/// 256th. The last one is whole. The stream ends, and is stopped, as an ``EventStream``.
public struct AnswerStream<Value: Decodable>: AsyncSequence, Sendable {
  /// What the stream consists of.
  public typealias Element = PartialAnswer<Value>
  /// `GPTOSSError`, `CancellationError`, or what ``ActOptions/onToolFailure`` threw.
  public typealias Failure = any Error

  private let events: EventStream<ResponseEvent>
  private let schema: JSONValue

  /// - Parameter events: without preambles.
  init(_ events: EventStream<ResponseEvent>, schema: JSONValue) {
    self.events = events
    self.schema = schema
  }

  /// Stops the answer within a token, as ``EventStream/cancel()`` does.
  public func cancel() { events.cancel() }

  /// The partial answers; to be taken once.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(events: events.makeAsyncIterator(), schema: schema)
  }

  /// Takes the partial answers one by one.
  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var events: EventStream<ResponseEvent>.AsyncIterator
    fileprivate let schema: JSONValue
    private var text = ""
    /// The size of the text when it was last read.
    private var readCount = 0
    private var json: JSONValue?
    private var value: Value?

    fileprivate init(events: EventStream<ResponseEvent>.AsyncIterator, schema: JSONValue) {
      self.events = events
      self.schema = schema
    }

    /// What there is of the answer when there is more than before; nil after the whole answer.
    ///
    /// - Throws: what ended the answer early, and `GPTOSSError.answer` if the type refuses it.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws -> PartialAnswer<Value>? {
      while let event = try await events.next(isolation: actor) {
        switch event {
        case .text(let fragment):
          text += fragment
          if let partial = partial() { return partial }
        case .finished(let response): return try whole(response)
        default: break
        }
      }
      return nil
    }

    private mutating func partial() -> PartialAnswer<Value>? {
      let count = text.utf8.count
      guard count >= readCount + readCount / 256 else { return nil }
      readCount = count
      let schema = schema
      let json = PartialJSONReader.value(of: text) { path in !schema.limitsString(at: path[...]) }
      guard let json, json != self.json else { return nil }
      self.json = json
      // Most types are not there yet while properties are missing.
      do { value = try ModelJSON.decode(Value.self, from: json) } catch {}
      return PartialAnswer(json: json, value: value, response: nil)
    }

    private func whole(_ response: Response) throws(GPTOSSError) -> PartialAnswer<Value> {
      do {
        let json = try ModelJSON.decode(JSONValue.self, from: response.answer)
        let value = try ModelJSON.decode(Value.self, from: json, schema: schema)
        return PartialAnswer(json: json, value: value, response: response)
      } catch { throw .answer(error) }
    }
  }
}

/// What there is of a typed answer at one moment.
public struct PartialAnswer<Value: Decodable> {
  /// What has been written, with what is open closed. Always valid JSON, and only what can no longer change:
  /// numbers when they are whole, and an open string as far as it came. A string that the schema limits to
  /// values or a form (`enum`, `const`, `pattern`, `format`, or in a `$ref`) is there when it is whole.
  /// Properties that were not reached are missing.
  public let json: JSONValue
  /// The value, as soon as what was written is one: when all properties that the type needs have begun. It
  /// can still grow. nil before.
  public let value: Value?
  /// The answer that this is from, when it is whole; nil before.
  public let response: Response?

  /// What there is as another type, such as one whose properties are all optional.
  ///
  ///     struct Draft: Decodable { var title: String?; var steps: [String]? }
  ///     let draft = try partial.decode(Draft.self)
  ///
  /// - Throws: `GPTOSSError.answer` if it is not a value of that type.
  public func decode<Other: Decodable>(_ type: Other.Type) throws(GPTOSSError) -> Other {
    do { return try ModelJSON.decode(type, from: json) } catch { throw .answer(error) }
  }
}

extension PartialAnswer: Sendable where Value: Sendable {}

extension JSONValue {
  /// Whether this schema allows only some strings at a path, so that the beginning of one is none.
  fileprivate func limitsString(at path: ArraySlice<PartialJSONReader.Step>) -> Bool {
    let alternatives = ["anyOf", "oneOf", "allOf"].flatMap { self[$0]?.arrayValue ?? [] }
    if self["$ref"] != nil || alternatives.contains(where: { $0.limitsString(at: path) }) { return true }
    guard let step = path.first else {
      return ["enum", "const", "pattern", "format"].contains { self[$0] != nil }
    }
    let next: JSONValue? =
      switch step {
      case .key(let key): self["properties"]?[key] ?? self["additionalProperties"]
      case .index(let index):
        self["prefixItems"]?.arrayValue.flatMap { $0.indices.contains(index) ? $0[index] : nil }
          ?? self["items"]
      }
    return next?.limitsString(at: path.dropFirst()) ?? false
  }
}
