public import GGUF
import GPTOSSBlockFormats
public import GPTOSSKernels
import GPTOSSPlatform

#if canImport(FoundationEssentials)
  public import protocol FoundationEssentials.LocalizedError
#else
  public import protocol Foundation.LocalizedError
#endif

/// Why a model cannot be loaded or run.
public enum ModelError: Error, Sendable, Hashable {
  /// The file cannot be read as GGUF, or a key is missing or of the wrong type.
  case file(GGUFError)
  /// The file holds another model.
  case unsupportedArchitecture(String)
  /// A metadata value that no gpt-oss model can have.
  case invalidConfiguration(key: String, problem: String)
  /// The file lacks a tensor.
  case missingTensor(String)
  /// A tensor has other dimensions than the metadata says (GGUF order, innermost first).
  case wrongShape(tensor: String, expected: [Int], actual: [Int])
  /// A tensor is stored in a format that this engine does not compute with.
  case unsupportedFormat(tensor: String, format: String)
  /// A token id that the vocabulary does not have.
  case tokenOutOfRange(Int, vocabularySize: Int)
  /// The sequence would grow past the context.
  case contextFull(needed: Int, limit: Int)
  /// The environment variable `GPTOSS_CPU` names no kernel set.
  case unknownKernels(String)
  /// The weights do not fit into the memory that the process may use, where they were to be; in bytes.
  case notEnoughMemory(needed: Int, available: Int, weights: WeightResidency)
  /// This CPU lacks instructions that the kernel set needs.
  case unsupportedKernels(KernelSetName)
}

extension ModelError: CustomStringConvertible {
  /// One line: what is wrong, where, and what to do.
  public var description: String { text.inert }

  private var text: String {
    switch self {
    case .file(let error): error.description
    case .unsupportedArchitecture("gptoss"):
      "this is Ollama's own variant of gpt-oss (architecture \"gptoss\"), which names and fuses tensors "
        + "differently; use a GGUF file with architecture \"gpt-oss\", such as ggml-org's or unsloth's"
    case .unsupportedArchitecture(let name):
      "the file holds a model of architecture \"\(name)\"; this engine runs \"gpt-oss\" only"
    case .invalidConfiguration(let key, let problem):
      "the file's \(key) is \(problem); the file is damaged or was converted wrongly"
    case .missingTensor(let name):
      "the file has no tensor \(name); it is incomplete or was converted wrongly, download it again"
    case .wrongShape(let tensor, let expected, let actual):
      "tensor \(tensor) has dimensions \(actual), but the metadata asks for \(expected); "
        + "the file is damaged or was converted wrongly"
    case .unsupportedFormat(let tensor, let format):
      "tensor \(tensor) is stored as \(format), which this engine does not compute with; "
        + "it computes with \(BlockFormat.allCases.map(\.name).joined(separator: ", "))"
    case .tokenOutOfRange(let token, let size):
      "token id \(token) is outside the vocabulary of \(size) tokens"
    case .contextFull(let needed, let limit):
      "the sequence needs \(needed) positions, but the context has \(limit); shorten the input, or, if the "
        + "model allows it, load it with a longer context (LoadOptions.contextLength, --context)"
    case .unknownKernels(let name):
      "GPTOSS_CPU is \"\(name)\", which is not a kernel set; the sets are "
        + KernelSetName.allCases.map(\.rawValue).joined(separator: ", ")
    case .notEnoughMemory(let needed, let available, let weights):
      "the model needs \(needed / 1_000_000) MB of memory, but \(available / 1_000_000) MB are available; "
        + (weights == .resident
          ? "leave the weights in the file (LoadOptions.weights = .mapped, --weights mapped), " : "")
        + "close other programs, raise the container's limit, or use a smaller model"
    case .unsupportedKernels(let name):
      "this CPU cannot run the kernel set \(name.rawValue); it runs "
        + KernelSetName.allCases.filter(\.isSupported).map(\.rawValue).joined(separator: ", ")
    }
  }
}

extension ModelError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}
