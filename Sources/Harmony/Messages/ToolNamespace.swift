public import GPTOSSJSON

/// A tool that the model can call.
public struct ToolDescription: Sendable, Equatable {
  /// The name without its namespace.
  public var name: String
  /// What the tool is for.
  public var description: String
  /// The parameters' JSON schema; nil for a tool without any.
  public var parameters: JSONValue?
  /// What a tool takes that is called with text as it is, such as code; nil for a tool that is called with a
  /// JSON object.
  public var text: TextInput?

  /// A tool that is called with a JSON object.
  public init(name: String, description: String, parameters: JSONValue? = nil) {
    self.name = name
    self.description = description
    self.parameters = parameters
  }

  /// A tool that is called with text as it is.
  public init(name: String, description: String, text: TextInput) {
    self.name = name
    self.description = description
    parameters = ["type": "string"]
    self.text = text
  }

  init(field: JSONField) throws(JSONError) {
    name = try field.required("name").string()
    description = try field.required("description").string()
    parameters = try field.optional("parameters")?.value
  }

  var json: JSONValue {
    var object = JSONObject()
    object.set("name", name)
    object.set("description", description)
    object["parameters"] = parameters
    return .object(object)
  }
}

/// The text that a tool takes in place of a JSON object.
///
/// The prompt shows such a tool with the type `string`. The JSON form of the reference library has no more
/// than that: a description that is read from JSON takes JSON.
public enum TextInput: Sendable, Hashable {
  /// Any text.
  case any
  /// Text that a regular expression matches from end to end.
  case pattern(String)
  /// Text that fits the rule `start` of a grammar in the notation of Lark.
  case grammar(String)
}

/// Tools that share a prefix: `functions.get_weather` is `get_weather` in the namespace `functions`.
public struct ToolNamespace: Sendable, Equatable {
  /// The prefix.
  public var name: String
  /// What the namespace is for.
  public var description: String?
  /// The tools in order.
  ///
  /// A namespace without any, such as `python`, is itself called.
  public var tools: [ToolDescription]

  /// A namespace.
  public init(name: String, description: String? = nil, tools: [ToolDescription]) {
    self.name = name
    self.description = description
    self.tools = tools
  }

  /// The namespace of an app's own tools.
  public static func functions(_ tools: [ToolDescription]) -> ToolNamespace {
    ToolNamespace(name: ToolName.functions, tools: tools)
  }

  init(field: JSONField) throws(JSONError) {
    name = try field.required("name").string()
    description = try field.optional("description")?.string()
    tools = []
    for tool in try field.required("tools").elements() { tools.append(try ToolDescription(field: tool)) }
  }

  var json: JSONValue {
    var object = JSONObject()
    object.set("name", name)
    object.set("description", description)
    object["tools"] = .array(tools.map(\.json))
    return .object(object)
  }
}

/// Namespaces by key, in the order of their keys' bytes, which is the order of the prompt.
public struct ToolNamespaces: Sendable, Equatable {
  /// A key, which is nearly always the namespace's name, and the namespace.
  public struct Entry: Sendable, Equatable {
    /// What the namespace is found by.
    public let key: String
    /// The namespace.
    public var namespace: ToolNamespace
  }

  /// The entries in order.
  public private(set) var entries: [Entry] = []

  /// Namespaces under their own names; of two with one name, the last.
  public init(_ namespaces: [ToolNamespace] = []) {
    self.init(entries: namespaces.map { Entry(key: $0.name, namespace: $0) })
  }

  /// Entries in any order; of two with one key, the last.
  private init(entries: [Entry]) {
    let sorted = entries.enumerated().sorted { one, other in
      one.element.key.hasSameBytes(as: other.element.key)
        ? one.offset < other.offset
        : one.element.key.utf8.lexicographicallyPrecedes(other.element.key.utf8)
    }
    for (_, entry) in sorted {
      if self.entries.last?.key.hasSameBytes(as: entry.key) == true { self.entries.removeLast() }
      self.entries.append(entry)
    }
  }

  /// Whether there are none.
  public var isEmpty: Bool { entries.isEmpty }

  /// The namespace for a key.
  ///
  /// Setting nil takes it out.
  public subscript(key: String) -> ToolNamespace? {
    get { entries.first { $0.key.hasSameBytes(as: key) }?.namespace }
    set {
      entries.removeAll { $0.key.hasSameBytes(as: key) }
      guard let newValue else { return }
      let place = entries.firstIndex { key.utf8.lexicographicallyPrecedes($0.key.utf8) } ?? entries.count
      entries.insert(Entry(key: key, namespace: newValue), at: place)
    }
  }

  init?(field: JSONField?) throws(JSONError) {
    guard let field else { return nil }
    var entries: [Entry] = []
    for entry in try field.entries() {
      entries.append(Entry(key: entry.key, namespace: try ToolNamespace(field: entry.field)))
    }
    self.init(entries: entries)
  }

  var json: JSONValue { .object(JSONObject(entries.map { (key: $0.key, value: $0.namespace.json) })) }
}
