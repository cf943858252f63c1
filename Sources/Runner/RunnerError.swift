import GPTOSSPlatform
import GPTOSSTerminal

/// Why a command stops, besides the errors of the library and of the terminal.
package enum RunnerError: Error {
  /// A text has fewer than two tokens.
  case textTooShort(path: String)
  /// A line of standard input, counted from 1, is not what the command expects.
  case malformedLine(Int, problem: String)
  /// Standard input, where the prompt should be, has no text.
  case emptyPrompt
  /// In a saved conversation nothing was said.
  case emptySession(path: String)
  /// A text has no token.
  case emptyText(path: String)
  /// A file is not to be replaced.
  case fileExists(String)
  /// Something that is no file has the name of one that is to be written.
  case isNoFile(String, kind: String)
  /// The file to be written is the one that is read.
  case isSource(String)
  /// A list of token ids contains something else.
  case malformedTokens(source: String, found: String)
  /// A list of token ids is empty.
  case noTokens(source: String)
  /// A list of token ids is shorter than what is wanted of its end.
  case tooFewTokens(Int, wanted: Int)
  /// The model's context is one token, which leaves none to predict.
  case contextTooShort
  /// No model was named, and the small one is in none of the places where it is looked for.
  case noDefaultModel(looked: [String])
  /// The file has no tensor of this name.
  case noSuchTensor(String, path: String)
  /// A tensor has fewer blocks.
  case noSuchBlock(Int, tensor: String, blockCount: Int)
  /// A tensor's format cannot be taken apart.
  case unknownFormat(String, tensor: String)
  /// An expert was not chosen for the token that is explained.
  case expertDidNotWork(Int, layer: Int, chosen: [Int])
  /// There are fewer rows, blocks or tokens than an option says.
  case noSuchIndex(Int, name: String, count: Int)
  /// The rows of a tensor are no whole blocks of a format that it is compared with.
  case noComparison(tensor: String, columns: Int, format: String)
  /// The chat has no such command.
  case unknownCommand(String, known: [String])
  /// No server answers at an address; `start` is the command that starts it.
  case noServer(String, start: String)
  /// Something that is no `gptoss serve` answers at an address.
  case noModelServer(String)
  /// The server refuses, in its own words, with a status of HTTP.
  case server(String, status: Int)
  /// The server of a chat's model has not answered, or not to the end; what it says is for a conversation.
  case brokenAnswer(String)
  /// The server knows no model of this name, which is a file of this machine.
  case fileForServer(String)
  /// Nobody knows the tokens of a server's model.
  case noVocabulary(String, reason: String)
  /// A text that is no address of a server.
  case malformedAddress(String)
  /// A command of the chat lacks its argument, or has one that it does not take.
  case malformedCommand(usage: String)
}

extension RunnerError: CustomStringConvertible {
  /// One line that names the cause and the remedy.
  package var description: String { text.inert }

  private var text: String {
    switch self {
    case .textTooShort(let path):
      "\(path) has fewer than two tokens, so there is none to predict; give a longer text"
    case .malformedLine(let line, let problem): "line \(line) of standard input: \(problem)"
    case .emptyPrompt: "standard input has no prompt; write one there, or give it with -p"
    case .emptySession(let path):
      "the session \(path) has no messages; /save one in which something was said"
    case .emptyText(let path): "\(path) has no text; give one that has"
    case .fileExists(let path): "\(path) exists already; --force replaces it"
    case .isNoFile(let path, let kind): "\(path) is \(kind); name a file to write"
    case .isSource(let path): "\(path) is what the result is made from; name another file to write"
    case .malformedTokens(let source, let found):
      "\(source) has \"\(found)\" where a token id belongs; give ids such as 1,2,3, a file with such a list, "
        + "or - for standard input"
    case .noTokens(let source): "\(source) has no token ids; give ids such as 1,2,3"
    case .tooFewTokens(let count, let wanted):
      "--last is \(wanted), but the list has \(count) \(count == 1 ? "token" : "tokens"); give a longer one"
    case .contextTooShort: "the model's context holds one token; perplexity needs a model that holds more"
    case .noDefaultModel(let looked):
      "the small model that comes with the package is not in \(looked.joined(separator: ", ")); "
        + "name a model with -m"
    case .noSuchTensor(let name, let path):
      "\(path) has no tensor \(name); gptoss inspect lists the tensors"
    case .noSuchBlock(let block, let tensor, let count):
      "tensor \(tensor) has no block \(block); it has blocks 0 to \(count - 1)"
    case .unknownFormat(let format, let tensor):
      "tensor \(tensor) is stored as \(format), whose blocks this program cannot take apart"
    case .expertDidNotWork(let expert, let layer, let chosen):
      "expert \(expert) of layer \(layer) did not work on this token; give one of those that did: "
        + chosen.map(String.init).joined(separator: ", ")
    case .noSuchIndex(let index, let name, let count):
      "--\(name) is \(index), but the last one is \(count - 1); give a number up to that"
    case .noComparison(let tensor, let columns, let format):
      "the rows of \(tensor) have \(columns) weights, which do not make whole blocks of \(format)"
    case .unknownCommand(let name, let known):
      "there is no command \(name); the commands are \(known.joined(separator: ", ")); "
        + "to send text that begins with /, write // in its place"
    case .noServer(let address, let start):
      "no server answers at \(address); this command starts it: \(start)"
    case .noModelServer(let address):
      "what answers at \(address) is not gptoss serve; give its address with --host and --port"
    case .server(let message, _), .brokenAnswer(let message): message
    case .fileForServer(let path):
      "\(path) is a file, and a server loads models by name; gptoss import \(path) gives it one"
    case .noVocabulary(let name, let reason):
      "the vocabulary of \(name.quoted) is not on this machine and cannot be had (\(reason)); give the model's "
        + "GGUF file, or a .tiktoken file, with --vocabulary"
    case .malformedAddress(let text):
      "\"\(text)\" is not a server's address; give a name or an address, with :PORT if it is not 1234"
    case .malformedCommand(let usage): "usage: \(usage)"
    }
  }
}

extension StandardError {
  /// Says what went wrong, in one line.
  static func report(_ error: any Error) { report("\(error)") }

  /// Says something in a line of its own.
  static func report(_ text: String) { write("gptoss: \(text.inert)\n") }
}
