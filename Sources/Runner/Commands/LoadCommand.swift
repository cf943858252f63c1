import ArgumentParser
import GPTOSS
import GPTOSSModel
import GPTOSSModelLibrary
import GPTOSSPlatform
import GPTOSSTerminal

/// `gptoss load`: loads a model in a running server.
struct LoadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: "Load a model in a running server (gptoss serve), where it stays until it is unloaded.",
    discussion: """
      The server looks the name up among its models; a model that is loaded already is loaded once more. \
      --estimate-only needs no server: it prints what memory the model takes.
      """)

  @Argument(help: "The model's name, as gptoss ls shows it.")
  var name: String

  @Option(number: "Unload it after this many seconds without a request. If left out, never.")
  var ttl: Int?

  @Option(help: "The name that requests may use for it. If left out, its own.")
  var identifier: String?

  @Option(number: "The most tokens that a sequence may have; what the server allows if left out.")
  var context: Int?

  @Flag(help: "Load nothing, but print the memory that it takes.")
  var estimateOnly = false

  @OptionGroup var server: ServerOption

  func validate() throws {
    try checkOption("ttl", ttl, in: 1...1_000_000_000)
    try checkOption("context", context, in: 1...)
  }

  func run() async throws {
    if estimateOnly { return try printEstimate() }
    do {
      let (identifier, seconds) = try await server.server().load(
        name, identifier: identifier, ttl: ttl, contextLength: context)
      let tenths = (seconds * 10).rounded() / 10
      try StandardOutput.writeLine("loaded as \(identifier.inert) in \(tenths) s")
    } catch RunnerError.server(_, status: 404) where isFile {
      throw RunnerError.fileForServer(name)
    }
  }

  /// Whether the name is the path of a file.
  private var isFile: Bool {
    var status = stat()
    return stat(name, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private func printEstimate() throws {
    let library = ModelLibrary.ofUser
    let model = try library.model(named: name)
    for residency in WeightResidency.allCases {
      let memory: MemoryEstimate
      do throws(ModelFault) {
        memory = try library.memory(of: model, residency: residency, contextLength: context)
      } catch {
        throw ModelLibraryError.broken(name: name, path: model.path, error)
      }
      let parts = [
        "\(ByteCount(memory.weights)) of weights", "\(ByteCount(memory.cache)) of keys and values",
        "\(ByteCount(memory.workspace)) to work in",
      ]
      let place = residency == .resident ? "weights in memory" : "weights in the file"
      try StandardOutput.writeLine(
        "\(place), context \(memory.contextLength): \(ByteCount(memory.total)) "
          + "(\(parts.joined(separator: ", ")))")
    }
  }
}

/// `gptoss unload`: unloads models of a running server.
struct UnloadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unload",
    abstract: "Unload a model of a running server, as soon as no request uses it any more.")

  @Argument(help: "The model's identifier, as gptoss ps shows it.")
  var identifier: String?

  @Flag(help: "Unload all models.")
  var all = false

  @OptionGroup var server: ServerOption

  func validate() throws {
    if all == (identifier != nil) { throw ValidationError("Name a model, or say --all.") }
  }

  func run() async throws {
    for identifier in try await server.server().unload(identifier) {
      try StandardOutput.writeLine("unloaded \(identifier.inert)")
    }
  }
}

/// `gptoss ps`: what a running server holds.
struct ProcessesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ps", abstract: "List the models that a running server has loaded.")

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var server: ServerOption

  func run() async throws {
    let instances = try await server.server().instances()
    if json {
      return try StandardOutput.writeJSON(
        JSONValue.object(JSONObject([("models", .array(instances.map(\.json)))])).text)
    }
    if instances.isEmpty { StandardError.report("no model is loaded") }
    let rows = instances.map { instance in
      [
        instance.identifier.inert, instance.model.inert, instance.state.inert,
        instance.byteCount.map { "\(ByteCount($0))" } ?? "", "context \(instance.contextLength)",
        instance.use,
      ]
    }
    let widths = (0..<6).map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
      try StandardOutput.writeLine(line.withoutTrailingSpaces)
    }
  }
}

extension RunningServer.Instance {
  /// Such as `in use by 2`, or `unused for 5 s, unloaded after 3600 s`.
  fileprivate var use: String {
    guard useCount == 0 else { return "in use by \(useCount)" }
    let parts = [
      unused.map { "unused for \($0.rounded(.down).wholeSeconds) s" },
      ttl.map { "unloaded after \($0.rounded(.up).wholeSeconds) s" },
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }
}

extension Double {
  /// What a server says of a time, which may be anything.
  fileprivate var wholeSeconds: Int { isFinite ? Int(min(max(self, 0), 1e9)) : 0 }
}
