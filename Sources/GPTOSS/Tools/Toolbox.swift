package import GPTOSSHarmony
import GPTOSSJSON

/// The tools of a conversation: as the model sees them, and for carrying out its calls.
package struct Toolbox: Sendable {
  private struct Entry {
    let tool: any Tool
    let name: String
    let description: String
    let schema: JSONValue
  }

  private let entries: [Entry]

  /// Tools in order.
  ///
  /// - Throws: ``GPTOSSError/tool(name:_:)`` for a name that models cannot call or that comes twice, and for
  ///   arguments that are no object or have no schema.
  package init(_ tools: [any Tool] = []) throws(GPTOSSError) {
    var entries: [Entry] = []
    for tool in tools {
      let name = tool.name
      guard ToolName.isValid(name) else { throw .tool(name: name, .invalidName) }
      guard !entries.contains(where: { $0.name == name }) else { throw .tool(name: name, .nameIsTaken) }
      let schema: JSONValue
      do {
        schema = try tool.parameters
      } catch {
        throw .tool(name: name, .parameters(error))
      }
      guard schema.isObjectSchema else {
        throw .tool(name: name, .argumentsAreNoObject(type: schema["type"]?.text ?? schema.typeName))
      }
      entries.append(Entry(tool: tool, name: name, description: tool.description, schema: schema))
    }
    self.entries = entries
  }

  /// Whether there are none.
  package var isEmpty: Bool { entries.isEmpty }

  /// What the model is told about the tools. A tool that takes no arguments has no parameters.
  package var descriptions: [ToolDescription] {
    entries.map { entry in
      var description = ToolDescription(name: entry.name, description: entry.description)
      if !entry.schema.allowsOnlyEmptyObject { description.parameters = entry.schema }
      return description
    }
  }

  /// What the model's calls are held to.
  package var declaredTools: [DeclaredTool] {
    entries.map { DeclaredTool(recipient: ToolName.full($0.name), parameters: $0.schema) }
  }

  /// Carries out a call.
  ///
  /// Malformed arguments are repaired as ``ToolCall/arguments`` does.
  ///
  /// - Returns: the result for the model to read.
  /// - Throws: ``ToolFailure``, or `CancellationError` if the task was cancelled.
  package func run(_ call: ToolCall) async throws -> String {
    let name = call.functionName ?? call.recipient
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw ToolFailure.unknownTool(name: name, declared: entries.map(\.name))
    }
    guard let arguments = call.arguments?.object else {
      throw ToolFailure.badArguments(
        tool: name, ValueFault(path: "", problem: .notJSON("no complete object")))
    }
    try Task.checkCancellation()
    return try await run(entry.tool, entry, .object(arguments))
  }

  /// Carries out a call; a failure becomes text for the model.
  ///
  /// - Throws: `CancellationError`, and what `onFailure` throws.
  func result(
    of call: ToolCall, index: Int, onFailure: (ToolFailure, ToolCall) async throws -> String
  ) async throws -> ToolResult {
    do {
      return ToolResult(index: index, call: call, text: try await run(call), isError: false)
    } catch let failure as ToolFailure {
      return ToolResult(index: index, call: call, text: try await onFailure(failure, call), isError: true)
    }
  }

  private func run<T: Tool>(_ tool: T, _ entry: Entry, _ json: JSONValue) async throws -> String {
    let arguments: T.Arguments
    do throws(ValueFault) {
      arguments = try ModelJSON.decode(T.Arguments.self, from: json, schema: entry.schema)
    } catch {
      throw ToolFailure.badArguments(tool: entry.name, error)
    }
    do {
      return try ModelJSON.text(of: await tool.call(arguments: arguments))
    } catch {
      // A tool that was cancelled may throw an error of its own.
      try Task.checkCancellation()
      throw ToolFailure.failed(tool: entry.name, error)
    }
  }
}

extension JSONValue {
  /// Whether a schema is one of objects, as far as its type says.
  fileprivate var isObjectSchema: Bool {
    guard let schema = objectValue else { return false }
    return schema["type"].map { $0 == "object" } ?? true
  }

  /// Whether a schema of objects declares no properties and allows no others.
  fileprivate var allowsOnlyEmptyObject: Bool {
    guard let schema = objectValue, schema["properties"]?.objectValue?.isEmpty ?? true else { return false }
    // Without any `properties`, objects are open unless it says that they are not.
    return schema["additionalProperties"].map { $0 == false } ?? schema.keys.contains("properties")
  }
}
