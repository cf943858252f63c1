import ArgumentParser
import Foundation
import GPTOSS
import GPTOSSModelLibrary
import GPTOSSRemote

/// A model that a server runs, in place of one that is loaded here.
struct RemoteArguments: ParsableArguments {
  @Option(
    help: """
      The URL of a server that runs the model: vLLM's, or that of gptoss serve. --model is then the server's \
      name for the model. If left out, the one that the server has.
      """)
  var remote: String?

  @Option(help: "The server's API key. If left out, what GPTOSS_REMOTE_KEY says.")
  var remoteKey: String?

  @Option(
    help: """
      The vocabulary of the server's model: its GGUF file, or a .tiktoken file. If left out, that of the model \
      of the same name on this machine, or else of the Hub.
      """,
    completion: .file(extensions: ["gguf", "tiktoken"]))
  var vocabulary: String?

  @Option(number: "How many seconds the server may be silent, before and within an answer.")
  var silence = 300

  func validate() throws {
    try checkPath("--vocabulary", vocabulary)
    try checkOption("silence", silence, in: 1...86_400)
    if let remote {
      do throws(RemoteError) { try RemoteModel.check(address: remote, key: remoteKey) } catch {
        throw ValidationError("\(error)")
      }
    } else {
      if remoteKey != nil { throw ValidationError("--remote-key goes with --remote.") }
      if vocabulary != nil { throw ValidationError("--vocabulary goes with --remote.") }
    }
  }

  /// Refuses options about how a model runs here.
  func check(
    _ options: RunOptions, _ folder: CacheFolderOptions, _ lookahead: Lookahead = .auto
  ) throws {
    let given =
      options.firstGiven ?? (folder.cacheDir == nil ? nil : "cache-dir")
      ?? (lookahead == .auto ? nil : "lookahead")
    guard remote != nil, let name = given else { return }
    throw ValidationError("--\(name) does not go with --remote: the model runs elsewhere.")
  }

  /// Finds the server's model; nil without `--remote`.
  ///
  /// - Parameter name: what the server calls it; nil for the one that it has.
  /// - Throws: `RemoteError`, `RunnerError.noVocabulary`, errors of the vocabulary, `CancellationError`.
  func connect(_ name: String?) async throws -> RemoteModel? {
    guard let remote else { return nil }
    let key = remoteKey ?? ProcessInfo.processInfo.environment["GPTOSS_REMOTE_KEY"]
    let limits = RemoteLimits(connecting: .seconds(min(silence, 10)), silence: .seconds(silence))
    return try await RemoteModel.connect(to: remote, model: name, key: key, limits: limits) { name in
      guard let vocabulary else { return try await Self.vocabulary(ofModel: name) }
      return vocabulary.hasSuffix(".tiktoken")
        ? try Vocabulary(tiktoken: vocabulary) : try Vocabulary(gguf: vocabulary)
    }
  }

  /// The vocabulary of a model of this machine, which the server may call by its file's path or name.
  ///
  /// Where it has none, the header of the model's file is brought from the Hub.
  private static func vocabulary(ofModel name: String) async throws -> Vocabulary {
    let library = ModelLibrary.ofUser
    let file = name.split(separator: "/").last.map(String.init) ?? name
    for candidate in [name, file, "openai/\(file)"] {
      let model: LibraryModel
      do { model = try library.model(named: candidate, acceptsPaths: false) } catch {
        if case .notFound = error { continue }
        throw error
      }
      return try Vocabulary(gguf: model.path)
    }
    #if Downloads
      do {
        return try await library.vocabulary(of: name)
      } catch let error as ModelLibraryError {
        throw RunnerError.noVocabulary(name, reason: "\(error)")
      }
    #else
      throw RunnerError.noVocabulary(name, reason: "this build downloads nothing")
    #endif
  }
}
