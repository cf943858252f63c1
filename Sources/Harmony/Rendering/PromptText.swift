extension SystemContent {
  /// The content as the model reads it: sections with an empty line between them.
  func promptText(announcesFunctions: Bool) -> String {
    var sections: [String] = []
    let top = [
      modelIdentity,
      knowledgeCutoff.map { "Knowledge cutoff: " + $0 },
      conversationStartDate.map { "Current date: " + $0 },
    ].compactMap { $0 }
    if !top.isEmpty { sections.append(top.joined(separator: "\n")) }
    if let reasoningEffort { sections.append("Reasoning: " + reasoningEffort.rawValue) }
    if let tools, !tools.isEmpty { sections.append(toolSection(tools)) }
    if let channels, !channels.validChannels.isEmpty {
      var section = "# Valid channels: " + channels.validChannels.joined(separator: ", ") + "."
      if channels.isRequired { section += " Channel must be included for every message." }
      if announcesFunctions {
        section += "\nCalls to these tools must go to the commentary channel: 'functions'."
      }
      sections.append(section)
    }
    return sections.joined(separator: "\n\n")
  }
}

extension DeveloperContent {
  /// The content as the model reads it: sections with an empty line between them.
  var promptText: String {
    var sections: [String] = []
    if let instructions { sections += ["# Instructions", instructions] }
    if let tools, !tools.isEmpty { sections.append(toolSection(tools)) }
    return sections.joined(separator: "\n\n")
  }
}

private func toolSection(_ namespaces: ToolNamespaces) -> String {
  (["# Tools"] + namespaces.entries.map(\.namespace.promptText)).joined(separator: "\n\n")
}

extension ToolNamespace {
  /// The namespace as a TypeScript module; without tools, its description alone.
  fileprivate var promptText: String {
    var lines = ["## \(name)\n"]
    let prefix = tools.isEmpty ? "" : "// "
    lines += (description ?? "").promptLines.map { prefix + $0 }
    guard !tools.isEmpty else { return lines.joined(separator: "\n") }
    lines.append("namespace \(name) {\n")
    for tool in tools {
      lines += tool.description.promptLines.map { "// " + $0 }
      let parameters = tool.parameters.map { "_: " + TypeScript.type(of: $0) } ?? ""
      lines.append("type \(tool.name) = (\(parameters)) => any;\n")
    }
    lines.append("} // namespace \(name)")
    return lines.joined(separator: "\n")
  }
}

extension String {
  /// The lines, which end at `\n` or `\r\n`; a last empty one does not count.
  fileprivate var promptLines: [String] {
    var lines = utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let last = lines.removeLast()
    var texts = lines.map { line in
      String(Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
    }
    if !last.isEmpty { texts.append(String(Substring(last))) }
    return texts
  }
}
