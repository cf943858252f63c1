#if MCP
  import GPTOSS
  import GPTOSSMCP
  import GPTOSSTerminal

  /// Has a person fill in the form of a server, field by field.
  struct FormQuestions: Sendable {
    private let questions: Questions
    /// How often a field is asked for.
    private static let attemptLimit = 3

    init(_ questions: Questions) { self.questions = questions }

    func answer(_ form: MCPElicitation) async -> MCPElicitationAnswer {
      do {
        let message = "\(form.server) asks: \(form.message)".foreignLine
        guard try await questions.ask("\(message) Answer it?") else { return .decline }
        var content = JSONObject()
        for field in form.fields {
          guard let value = try await value(of: field) else { return .cancel }
          if let value = value.json { content[field.name] = value }
        }
        // What is sent is seen first.
        let summary = "Send \(JSONValue.object(content).text) to \(form.server)?".foreignLine
        return try await questions.ask(summary) ? .accept(content) : .decline
      } catch {
        return .cancel
      }
    }

    /// A value, or none where none is needed.
    private struct Entry { let json: JSONValue? }

    /// - Returns: nil for a person who gives no value that fits.
    private func value(of field: MCPElicitation.Field) async throws -> Entry? {
      for _ in 0..<Self.attemptLimit {
        let text = try await questions.askForText("\(Self.question(field).foreignLine): ")
        switch field.value(of: text) {
        case .success(let value): return Entry(json: value)
        case .failure(let fault): StandardError.write("\(fault)\n")
        }
      }
      return nil
    }

    private static func question(_ field: MCPElicitation.Field) -> String {
      var facts: [String] = []
      if !field.description.isEmpty { facts.append(field.description) }
      switch field.kind {
      case .text, .number: break
      case .flag: facts.append("yes or no")
      case .choice(let choices), .choices(let choices, _):
        facts.append(choices.enumerated().map { "\($0 + 1) \($1.title)" }.joined(separator: ", "))
      }
      if let value = field.defaultValue {
        facts.append("otherwise \(value.stringValue ?? value.text)")
      } else if !field.isRequired {
        facts.append("may be left out")
      }
      return field.title + (facts.isEmpty ? "" : " (\(facts.joined(separator: "; ")))")
    }
  }
#endif
