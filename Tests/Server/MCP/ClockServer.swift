import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSMCP
import GPTOSSServer
import GPTOSSTokenizer
import Synchronization

/// An MCP server that a shell plays. `now` says `noon` and claims to change nothing; `set` fails.
enum ClockServer {
  static let script = #"""
    reply() { printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$1"; }
    while read -r line; do
      id=${line#*\"id\":}; id=${id%%,*}
      case $line in
      *'"server/discover"'*) printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"?"}}\n' "$id" ;;
      *'"initialize"'*) reply '{"protocolVersion":"2025-11-25","capabilities":{"tools":{}}}' ;;
      *'"tools/list"'*) reply '{"tools":[{"name":"now","description":"The time.","annotations":{"readOnlyHint":
    true},"inputSchema":{"type":"object","properties":{"zone":{"type":"string"}}}},
    {"name":"set","inputSchema":{"type":"object","properties":{"zone":{"type":"string"}}}}]}' ;;
      *'"name":"now"'*) reply '{"content":[{"type":"text","text":"noon"}]}' ;;
      *'"name":"set"'*) reply '{"content":[{"type":"text","text":"the clock is stuck"}],"isError":true}' ;;
      esac
    done
    """#.replacing(":\ntrue", with: ":true").replacing(",\n{", with: ",{")

  /// The servers `clock`, and `broken`, which does not start.
  static func start(allowsRemote: Bool = false, allowsPrivate: Bool = false) -> ServedMCP {
    let configuration = MCPConfiguration(servers: [
      MCPServerConfiguration(name: "clock", transport: .program(command: "sh", arguments: ["-c", script])),
      MCPServerConfiguration(
        name: "broken", transport: .program(command: "sh", arguments: ["-c", "exit 3"])),
    ])
    return ServedMCP(
      MCPServers(configuration: configuration), apiKey: "key", allowsRemote: allowsRemote,
      allowsPrivate: allowsPrivate)
  }
}

/// A model that calls what it is told to, and repeats the results once it has them, or may not call.
final class CallingModel: TokenModel {
  let tokenizer: Tokenizer
  private let calls: [[String]]
  private let isEndless: Bool
  private let preamble: String?
  private let prompts = Mutex<[[Message]]>([])

  /// - Parameters:
  ///   - calls: the full names of the tools that each round calls.
  ///   - isEndless: whether the last round's calls are made again and again.
  ///   - preamble: what it says before it calls.
  init(_ calls: [[String]], isEndless: Bool = false, preamble: String? = nil) throws {
    tokenizer = try .bytes
    (self.calls, self.isEndless, self.preamble) = (calls, isEndless, preamble)
  }

  let profile = ModelProfile(name: "x", fingerprint: "x", contextLength: 10_000)

  /// What the model read last.
  var lastPrompt: [Message] { prompts.withLock { $0.last ?? [] } }
  var roundCount: Int { prompts.withLock(\.count) }

  func measure(_ entries: inout [Transcript.Entry]) {
    for index in entries.indices { entries[index].tokenCount = 1 }
  }

  func write(_ request: ModelRequest, to channel: ModelChannel) {
    let messages = request.entries.map(\.message)
    let round = prompts.withLock { prompts in
      prompts.append(messages)
      return prompts.count - 1
    }
    let mayCall = request.options.toolChoice != .none
    let calls = round < calls.count ? calls[round] : isEndless ? calls.last ?? [] : []
    if mayCall, !calls.isEmpty {
      if let preamble {
        channel.send(.text(preamble))
        channel.add(Message(.assistant, preamble, channel: .commentary))
      }
      for (offset, name) in calls.enumerated() {
        let (index, arguments) = (request.callCount + offset, #"{"zone":"UTC"}"#)
        channel.send(.toolCallStarted(index: index, name: name))
        channel.send(.toolCallArguments(index: index, arguments))
        channel.send(.toolCall(index: index, ToolCall(recipient: name, content: arguments)))
        channel.add(
          Message(.assistant, arguments, channel: .commentary, recipient: name, contentType: "json"))
      }
    } else {
      let text = messages.filter { $0.author.role == .tool }.map(\.text).joined(separator: ", ")
      channel.send(.text(request.followsText ? "\n" + text : text))
      channel.add(Message(.assistant, text, channel: .final))
    }
    channel.finish(.scripted())
  }

  func generate(from prompt: [TokenID], options: GenerationOptions) -> EventStream<GenerationEvent> {
    EventStream { _ in throw CancellationError() }
  }

  func generate(
    from prompt: [TokenID], answering request: ModelRequest
  ) -> EventStream<GenerationEvent> {
    EventStream { _ in throw CancellationError() }
  }
}
