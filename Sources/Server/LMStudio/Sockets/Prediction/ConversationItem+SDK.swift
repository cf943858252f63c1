package import GPTOSSJSON
import GPTOSSPlatform

// Conversations as LM Studio's SDKs send them: `{"messages": [{"role", "content": [part, …]}]}`.

extension ConversationItem {
  /// The messages of a history.
  ///
  /// Reasoning stands in the text of earlier answers, between tags. Results of calls may come in any order; the
  /// model gets them in the order of the calls. Calls and results that have no ids belong together in the order
  /// in which they come.
  ///
  /// - Throws: `ServerError` or `JSONError` with a path such as `history.messages[2].content`.
  package static func read(
    history: JSONField, tags: ReasoningTags, files: UploadedFiles
  ) throws -> [ConversationItem] {
    var reader = HistoryReader(tags: tags, files: files)
    for message in try history.required("messages").elements() { try reader.read(message) }
    return reader.items
  }
}

private struct HistoryReader {
  let tags: ReasoningTags
  let files: UploadedFiles
  var items: [ConversationItem] = []
  /// The ids of the last round's calls, in order, and where each stands first.
  private var calls: [String] = []
  private var places: [String: Int] = [:]
  /// What files have added to the texts: a message may name one again and again.
  private var fileByteCount = 0
  private static let fileByteLimit = 4 << 20
  private var callCount = 0

  init(tags: ReasoningTags, files: UploadedFiles) {
    self.tags = tags
    self.files = files
  }

  mutating func read(_ message: JSONField) throws {
    let role = try message.required("role")
    let parts = try message.optional("content")?.elements() ?? []
    switch try role.string() {
    case "system":
      let text = try text(of: parts)
      if !text.isEmpty { items.append(.instructions(text)) }
    case "user": items.append(.user(try text(of: parts)))
    case "assistant": try readAnswer(parts)
    case "tool": try readResults(parts)
    case let other: throw role.unknownValue(other, allowed: ["system", "user", "assistant", "tool"])
    }
  }

  // MARK: Text

  /// The text of a message, with that of its files.
  private mutating func text(of parts: [JSONField]) throws -> String {
    var texts: [String] = []
    for part in parts {
      switch try part.required("type").string() {
      case "text": texts.append(try part.required("text").string())
      case "file": texts.append(try fileText(part))
      default: continue
      }
    }
    return texts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private mutating func fileText(_ part: JSONField) throws -> String {
    let name = try part.text("name") ?? "file"
    let identifier = try part.required("identifier")
    guard let text = files.text(of: try identifier.string()) else {
      throw ServerError.invalid(
        parameter: identifier.path,
        problem:
          "'\(name.shortened(to: 100))' is not here; upload it again, as text, which is all that the model reads"
      )
    }
    fileByteCount += text.utf8.count
    guard fileByteCount <= Self.fileByteLimit else {
      throw ServerError.outOfRange(
        parameter: identifier.path, expected: "at most 4 MB of files in a conversation", actual: "more")
    }
    return "File \(name.shortened(to: 200)):\n\(text)"
  }

  // MARK: Answers

  private mutating func readAnswer(_ parts: [JSONField]) throws {
    (calls, places) = ([], [:])
    var texts: [ConversationItem] = []
    var requests: [ConversationItem] = []
    for part in parts {
      switch try part.required("type").string() {
      case "text": texts += tags.items(of: try part.required("text").string())
      case "toolCallRequest": requests.append(try call(part.required("toolCallRequest")))
      default: continue
      }
    }
    // What is said before a call is a preamble.
    if !requests.isEmpty {
      texts = texts.map { if case .assistant(let text, _) = $0 { .assistant(text, .preamble) } else { $0 } }
    }
    items += texts + requests
  }

  private mutating func call(_ request: JSONField) throws -> ConversationItem {
    callCount += 1
    // An id that no client has given, for a call without one.
    let id = try request.text("id") ?? "#\(callCount)"
    if places[id] == nil { places[id] = calls.count }
    calls.append(id)
    return .call(
      ConversationItem.Call(
        id: id, tool: APITool(name: try request.required("name").string()),
        content: try request.optional("arguments")?.value.text ?? "{}"))
  }

  // MARK: Results

  private mutating func readResults(_ parts: [JSONField]) throws {
    var results: [(order: Int, item: ConversationItem)] = []
    var unnamed = calls.filter { $0.hasPrefix("#") }[...]
    for part in parts where try part.required("type").string() == "toolCallResult" {
      let content = try part.required("content")
      let given = try part.optional("toolCallId")
      guard let id = try given?.string() ?? unnamed.popFirst() else {
        throw ServerError.invalid(
          parameter: part.path, problem: "there is no call that it could be the result of")
      }
      let item = ConversationItem.result(
        of: .call(id: id), Self.resultText(try content.string()), path: given?.path ?? part.path)
      results.append((places[id] ?? calls.count, item))
    }
    // The order of equal elements stays: sorting is stable.
    items += results.sorted { $0.order < $1.order }.map(\.item)
  }

  /// What the model reads of a result: the SDKs send JSON, of which a string stands for its text.
  private static func resultText(_ content: String) -> String {
    guard content.hasPrefix("\"") else { return content }
    do { return try JSONValue(parsing: content).stringValue ?? content } catch { return content }
  }
}

extension ReasoningTags {
  /// The pieces of an earlier answer's text: reasoning between tags, and what was said.
  package func items(of text: String) -> [ConversationItem] {
    var items: [ConversationItem] = []
    func add(_ piece: Substring, _ make: (String) -> ConversationItem) {
      let text = piece.trimmingNewlines
      if !text.isEmpty { items.append(make(String(text))) }
    }
    var rest = text[...]
    while let opening = rest.firstRange(of: start) {
      add(rest[..<opening.lowerBound]) { .assistant($0, .answer) }
      rest = rest[opening.upperBound...]
      let closing = rest.firstRange(of: end)
      add(rest[..<(closing?.lowerBound ?? rest.endIndex)]) { .reasoning($0) }
      rest = rest[(closing?.upperBound ?? rest.endIndex)...]
    }
    add(rest) { .assistant($0, .answer) }
    return items
  }
}

extension Substring {
  /// Without line ends at both sides.
  fileprivate var trimmingNewlines: Substring {
    var text = drop { $0.isNewline }
    while text.last?.isNewline == true { text.removeLast() }
    return text
  }
}
