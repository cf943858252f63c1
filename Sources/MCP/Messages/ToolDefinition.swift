import GPTOSSJSON

/// A tool as a server declares it.
struct ToolDefinition: Equatable, Sendable {
  let name: String
  let title: String?
  let description: String
  let parameters: JSONValue
  /// Whether the server says that the tool changes nothing. Nothing holds it to that.
  let claimsReadOnly: Bool
  /// The arguments that go into headers; nil if the schema asks for that in a way that is forbidden.
  let headerParameters: HeaderParameters?

  /// Reads an entry of `tools/list`; nil for what cannot be called.
  init?(_ json: JSONValue) {
    guard let name = json["name"]?.stringValue, !name.isEmpty, name.utf8.count <= Self.nameLimit,
      let schema = json["inputSchema"], schema.objectValue != nil,
      schema["type"].map({ $0 == "object" }) ?? true
    else { return nil }
    self.name = name
    title = json["title"]?.stringValue ?? json["annotations"]?["title"]?.stringValue
    description = json["description"]?.stringValue ?? title ?? ""
    parameters = schema
    claimsReadOnly = json["annotations"]?["readOnlyHint"]?.boolValue ?? false
    headerParameters = HeaderParameters(schema: schema)
  }

  /// The protocol recommends at most 128 characters.
  private static let nameLimit = 1_024
}

/// All tools of a server, and how long the list holds.
struct ToolList: Equatable, Sendable {
  var tools: [ToolDefinition] = []
  /// How many entries are no tools that can be called.
  var unusableCount = 0
  /// For how long the server thinks that the list stays as it is; nil if it does not say.
  var lifetime: Duration?
}
