import ArgumentParser
import GGUF
import GPTOSS
import GPTOSSModelLibrary
import GPTOSSPlatform
import GPTOSSTerminal

/// `gptoss ls`: the models on this machine.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls",
    abstract: "List the models on this machine, and whether they run.",
    discussion: """
      Lists what was downloaded or imported here, what LM Studio, Hugging Face's programs, llama.cpp and \
      Ollama have, and the small model that comes with the package. Commands take these names for --model.
      """)

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let library = ModelLibrary.ofUser
    let (models, problems) = library.contents()
    let rows = models.map { (model: $0, fault: library.fault(of: $0)) }
    for problem in problems { StandardError.report(problem) }
    if json {
      let list = rows.map { $0.model.json($0.fault) }
      return try StandardOutput.writeJSON(JSONValue.object(JSONObject([("models", .array(list))])).text)
    }
    let nameWidth = rows.map { $0.model.name.inert.count }.max() ?? 0
    for (model, fault) in rows {
      let columns = [
        model.name.inert.padded(to: nameWidth), "\(ByteCount(model.byteCount))".padded(to: 9),
        model.source.rawValue.padded(to: 12),
        fault.map { "does not run: \($0)" } ?? model.aliases.joined(separator: ", "),
      ]
      let line = columns.joined(separator: "  ")
      try StandardOutput.writeLine(line.withoutTrailingSpaces)
    }
  }
}

extension LibraryModel {
  /// `{"name", "aliases", "path", "bytes", "source", "runs", "reason"}`.
  fileprivate func json(_ fault: ModelFault?) -> JSONValue {
    [
      "name": .string(name), "aliases": .array(aliases.map { .string($0) }), "path": .string(path),
      "bytes": JSONValue(byteCount), "source": .string(source.rawValue), "runs": .bool(fault == nil),
      "reason": fault.map { .string("\($0)") } ?? .null,
    ]
  }
}
