public import Foundation
import GPTOSSJSON
import GPTOSSPlatform

/// Where models are looked for: the library's own folder, and those of the programs that people have.
///
/// | folder | where |
/// | --- | --- |
/// | own | `GPTOSS_MODELS`, else `~/.gptoss/models` |
/// | LM Studio | what `~/.lmstudio/settings.json` says; `~/.lmstudio/models`, `~/.cache/lm-studio/models` |
/// | Hugging Face | `HF_HUB_CACHE`, else `$HF_HOME/hub`, else `~/.cache/huggingface/hub` |
/// | llama.cpp | `LLAMA_CACHE`, else `~/.cache/llama.cpp` (macOS: `~/Library/Caches/llama.cpp`) |
/// | Ollama | `OLLAMA_MODELS`, `~/.ollama/models`, `/usr/share/ollama/.ollama/models` |
public struct ModelFolders: Sendable, Hashable {
  /// Where models are downloaded to and imported into, `PUBLISHER/NAME/FILE.gguf`.
  public var own: String
  /// LM Studio's folders, laid out in the same way.
  public var lmStudio: [String]
  /// Hugging Face's cache.
  public var huggingFace: [String]
  /// llama.cpp's cache.
  public var llamaCpp: [String]
  /// Ollama's stores.
  public var ollama: [String]

  /// Exactly these folders.
  public init(
    own: String, lmStudio: [String] = [], huggingFace: [String] = [], llamaCpp: [String] = [],
    ollama: [String] = []
  ) {
    self.own = own
    self.lmStudio = lmStudio
    self.huggingFace = huggingFace
    self.llamaCpp = llamaCpp
    self.ollama = ollama
  }

  /// The folders of a user, as the environment names them.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    let environment = Environment(environment)
    let home = environment.home
    own = environment["GPTOSS_MODELS"] ?? "\(home)/.gptoss/models"
    lmStudio =
      [Self.lmStudioDownloads("\(home)/.lmstudio/settings.json")].compactMap { $0 }
      + ["\(home)/.lmstudio/models", "\(home)/.cache/lm-studio/models"]
    huggingFace = [environment["HF_HUB_CACHE"] ?? "\(environment.huggingFaceHome)/hub"]
    #if os(macOS)
      let caches = "\(home)/Library/Caches"
    #else
      let caches = environment["XDG_CACHE_HOME"] ?? "\(home)/.cache"
    #endif
    llamaCpp = [environment["LLAMA_CACHE"] ?? "\(caches)/llama.cpp"]
    ollama =
      [environment["OLLAMA_MODELS"]].compactMap { $0 }
      + ["\(home)/.ollama/models", "/usr/share/ollama/.ollama/models"]
  }

  /// The folder that the user of LM Studio chose; nil without a choice.
  private static func lmStudioDownloads(_ settings: String) -> String? {
    let folder = jsonFile(settings)?["downloadsFolder"]?.stringValue
    return folder?.hasPrefix("/") == true ? folder : nil
  }
}

/// Environment variables; one that is empty says nothing.
struct Environment {
  private let variables: [String: String]

  init(_ variables: [String: String]) { self.variables = variables }

  subscript(name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// The user's home folder.
  var home: String { self["HOME"] ?? NSHomeDirectory() }

  /// Where Hugging Face's programs keep their files.
  var huggingFaceHome: String {
    self["HF_HOME"] ?? "\(self["XDG_CACHE_HOME"] ?? "\(home)/.cache")/huggingface"
  }
}

/// A small file of JSON that another program wrote; nil where there is none that can be read.
///
/// What it would say is then not known, which is no error: it was never promised.
func jsonFile(_ path: String) -> JSONValue? {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= 4 << 20 else {
    return nil
  }
  do { return try JSONValue(parsing: readFile(path)) } catch { return nil }
}
