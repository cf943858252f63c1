import Foundation
import GPTOSSJSON

/// Reads one entry of `mcpServers`.
struct ServerReader {
  private let document: ConfigurationDocument
  private let name: String
  private let object: JSONObject

  private static let keys = [
    "command", "args", "env", "cwd", "url", "headers", "allowed_tools", "timeout", "disabled",
  ]
  /// What other programs have here, without a meaning for this one.
  private static let foreignKeys: Set<String> = [
    "type", "transport", "transportType", "name", "description", "autoApprove", "alwaysAllow", "tags", "id",
    "icon", "version", "author", "homepage",
  ]

  init(_ document: ConfigurationDocument, name: String, _ json: JSONValue) throws(MCPError) {
    (self.document, self.name) = (document, name)
    guard let object = json.objectValue else {
      throw document.fault(["mcpServers", name], "has to be an object, not \(json.typeNameWithArticle)")
    }
    self.object = object
    guard !name.isEmpty, name.utf8.count <= 128 else {
      throw document.fault(["mcpServers", name], "the name has to have 1 to 128 bytes")
    }
  }

  /// What is not known here, one line each.
  var warnings: [String] {
    object.keys.filter { !Self.keys.contains($0) && !Self.foreignKeys.contains($0) }.map { key in
      "\(fault(key, "is not known here and does nothing; the keys are \(Self.keys.joined(separator: ", "))"))"
    }
  }

  func server() throws(MCPError) -> MCPServerConfiguration {
    let isDisabled = try flag("disabled") ?? false
    var server = MCPServerConfiguration(
      name: name, transport: try transport(isDisabled: isDisabled), allowedTools: try texts("allowed_tools"),
      timeout: try duration("timeout"), isDisabled: isDisabled)
    server.file = document.file
    return server
  }

  private func transport(isDisabled: Bool) throws(MCPError) -> MCPServerConfiguration.Transport {
    switch (try text("command"), try text("url")) {
    case (let command?, nil):
      if let key = object.keys.first(where: { $0 == "headers" }) {
        throw fault(key, "goes with \"url\" alone")
      }
      guard !command.isEmpty else { throw fault("command", "is empty") }
      return .program(
        command: command.expandingHome, arguments: try texts("args") ?? [],
        environment: try dictionary("env") { $0.isEmpty || $0.contains("=") },
        folder: try text("cwd")?.expandingHome)
    case (nil, let address?):
      if let key = object.keys.first(where: { ["args", "env", "cwd"].contains($0) }) {
        throw fault(key, "goes with \"command\" alone")
      }
      if object["type"] == "sse" {
        throw fault(
          "type", "the transport of 2024 is not spoken here; use the server's Streamable HTTP address")
      }
      guard let url = URL(string: address), let scheme = url.scheme?.lowercased(), url.host() != nil,
        ["http", "https"].contains(scheme)
      else { throw fault("url", "has to be an address that begins with http:// or https://") }
      let headers = try dictionary("headers") { !$0.isFieldName }
      if let header = headers.first(where: { !$0.value.isFieldValue }) {
        throw fault("headers", "the value of \(header.key) has characters that headers cannot have")
      }
      return .http(url, headers: headers)
    case (_?, _?): throw fault("url", "stands beside \"command\"; a server has one of them")
    case (nil, nil): throw document.fault(["mcpServers", name], "has neither \"command\" nor \"url\"")
    }
  }

  // MARK: Values

  private func fault(_ key: String, _ problem: String) -> MCPError {
    document.fault(["mcpServers", name, key], problem)
  }

  private func text(_ key: String) throws(MCPError) -> String? {
    guard let value = object[key], value != .null else { return nil }
    guard let text = value.stringValue else {
      throw fault(key, "has to be a string, not \(value.typeNameWithArticle)")
    }
    return try expand(text, key)
  }

  private func flag(_ key: String) throws(MCPError) -> Bool? {
    guard let value = object[key], value != .null else { return nil }
    guard let flag = value.boolValue else {
      throw fault(key, "has to be true or false, not \(value.typeNameWithArticle)")
    }
    return flag
  }

  private func texts(_ key: String) throws(MCPError) -> [String]? {
    guard let value = object[key], value != .null else { return nil }
    guard let elements = value.arrayValue else {
      throw fault(key, "has to be a list of strings, not \(value.typeNameWithArticle)")
    }
    var texts: [String] = []
    for element in elements {
      guard let text = element.stringValue else {
        throw fault(key, "has \(element.typeNameWithArticle) where a string belongs")
      }
      texts.append(try expand(text, key))
    }
    return texts
  }

  private func dictionary(
    _ key: String, isMalformed: (String) -> Bool
  ) throws(MCPError) -> [String: String] {
    guard let value = object[key], value != .null else { return [:] }
    guard let object = value.objectValue else {
      throw fault(key, "has to be an object of strings, not \(value.typeNameWithArticle)")
    }
    var texts: [String: String] = [:]
    for entry in object.entries {
      if isMalformed(entry.key) { throw fault(key, "\"\(entry.key)\" cannot be a name here") }
      switch entry.value {
      case .string(let text): texts[entry.key] = try expand(text, key)
      // What a variable gets is text in any case.
      case .number(let number): texts[entry.key] = number.text
      case .bool(let flag): texts[entry.key] = flag ? "true" : "false"
      default: throw fault(key, "\(entry.key) has to be a string, not \(entry.value.typeNameWithArticle)")
      }
    }
    return texts
  }

  /// Seconds below 1,000, milliseconds from there on: programs differ in what they have here.
  private func duration(_ key: String) throws(MCPError) -> Duration? {
    guard let value = object[key], value != .null else { return nil }
    guard case .number(let number) = value, number.doubleValue > 0, number.doubleValue <= 86_400_000 else {
      throw fault(key, "has to be a number of seconds, or from 1000 on of milliseconds")
    }
    let amount = number.doubleValue
    return .milliseconds(Int((amount < 1_000 ? amount * 1_000 : amount).rounded(.up)))
  }

  private func expand(_ text: String, _ key: String) throws(MCPError) -> String {
    do throws(VariableFault) {
      return try text.expandingVariables(document.environment)
    } catch { throw fault(key, error.description) }
  }
}

extension String {
  /// The path with the home folder in place of a leading `~/`.
  fileprivate var expandingHome: String {
    hasPrefix("~/") ? NSHomeDirectory() + dropFirst() : self
  }
}
