import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSTokenizer
import Testing

/// Random conversations and completions, compared with what OpenAI's library made of them.
@Suite struct GoldenConversationsTests {
  @Test(arguments: TestEncoding.all) func rendered(_ named: TestEncoding.Named) throws {
    for line in GoldenConversations.rendered.utf8Lines {
      let golden = try JSONValue(parsing: line)
      let text = try? render(golden, named.encoding)
      let id = golden["id"]?.stringValue ?? "?"
      #expect(text.map(JSONValue.string) == golden["text"], "\(id)")
    }
  }

  private func render(_ golden: JSONValue, _ encoding: HarmonyEncoding) throws -> String {
    let conversation = try Conversation(json: try #require(golden["conversation"]))
    let history: History = golden["auto_drop_analysis"] == true ? .reference : .everything
    let role = try #require(Role(rawValue: golden["next_role"]?.stringValue ?? ""))
    let tokens =
      switch golden["mode"]?.stringValue {
      case "completion": try encoding.renderForCompletion(conversation, nextRole: role, history: history)
      case "training": try encoding.renderForTraining(conversation, history: history)
      default: try encoding.render(conversation, history: history)
      }
    return try encoding.spelling(of: tokens)
  }

  @Test(arguments: TestEncoding.all) func parsed(_ named: TestEncoding.Named) throws {
    for line in GoldenConversations.parsed.utf8Lines {
      let golden = try JSONValue(parsing: line)
      let id = golden["id"]?.stringValue ?? "?"
      var tokens: [TokenID] = []
      for piece in try #require(golden["pieces"]?.arrayValue) {
        let text = try #require(piece.arrayValue?.first?.stringValue)
        let isSpecial = piece.arrayValue?.last == true
        tokens += named.encoding.tokenizer.encode(text, specialTokens: isSpecial ? .allowAll : .asText)
      }
      var parser = ReferenceParser(
        encoding: named.encoding, role: golden["role"]?.stringValue.flatMap(Role.init(rawValue:)),
        strictness: golden["strict"] == true ? .strict : .permissive)
      do {
        _ = try parser.run(tokens, finishing: golden["eos"] == true)
        #expect(JSONValue.array(parser.messages.map(\.json)) == golden["messages"], "\(id)")
        #expect(JSONValue.string(parser.content) == golden["rest"], "\(id)")
      } catch {
        #expect(golden["error"] == true, "\(id): \(error)")
      }
    }
  }
}

extension String {
  /// The lines that `\n` ends; some hold U+2028, at which others would split.
  fileprivate var utf8Lines: [String] {
    utf8.split(separator: UInt8(ascii: "\n")).map { String(Substring($0)) }
  }
}
