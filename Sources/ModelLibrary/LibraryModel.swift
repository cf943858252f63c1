import GPTOSSPlatform

/// A model on this machine: where it is, and what it is called.
public struct LibraryModel: Sendable, Hashable {
  /// The name that finds it: `PUBLISHER/NAME`, with `:QUANT` or `/FILE.gguf` where that alone fits several.
  public internal(set) var name: String
  /// Other names that find it, such as `openai/gpt-oss-20b`.
  public internal(set) var aliases: [String] = []
  /// Whose folder it is in.
  public let source: ModelSource
  /// The files, of a split model all parts that are there, in order. At least one.
  public let paths: [String]
  /// The size of all files that are there.
  public let byteCount: Int
  /// What is known to be wrong with it without opening it; nil for nothing.
  public let fault: ModelFault?

  /// The repository that the file is from, as far as its folder tells.
  let repository: RepositoryName
  /// The file's name without `.gguf` and without the number of a part.
  package let stem: String

  /// What it is called where it is loaded: the guides' name if it has one, of a file that was named by its
  /// path the file's name without `.gguf`.
  public var identifier: String { aliases.first ?? (source == .file ? stem : name) }

  /// The file to open: of a split model the first part.
  public var path: String { paths[0] }

  init(
    _ repository: RepositoryName, stem: String, source: ModelSource, paths: [String], byteCount: Int,
    fault: ModelFault? = nil
  ) {
    name = repository.description
    self.repository = repository
    self.stem = stem
    self.source = source
    self.paths = paths
    self.byteCount = byteCount
    self.fault = fault
  }
}

/// Whose folder a model is in.
public enum ModelSource: String, Sendable, CaseIterable {
  /// The library's own.
  case own = "gptoss"
  /// LM Studio's.
  case lmStudio = "LM Studio"
  /// Hugging Face's cache.
  case huggingFace = "Hugging Face"
  /// llama.cpp's cache.
  case llamaCpp = "llama.cpp"
  /// Ollama's store.
  case ollama = "Ollama"
  /// It comes with the program.
  case package
  /// No folder: a file was named.
  case file
}

/// The repository that a model is from.
struct RepositoryName: Hashable, Sendable, CustomStringConvertible {
  /// Empty where its folder does not tell.
  let owner: String
  let name: String

  var description: String { owner.isEmpty ? name : "\(owner)/\(name)" }

  /// Whether both are of this spelling; the Hub takes capitals for small letters.
  func matches(_ owner: some StringProtocol, _ name: some StringProtocol) -> Bool {
    self.owner.lowercased() == owner.lowercased() && self.name.lowercased() == name.lowercased()
  }
}

extension LibraryModel {
  /// How the weights are stored, as the file's name has it, in capitals: `MXFP4`, `Q4_K_M`; nil if it does
  /// not say.
  package var quantization: String? { ModelName.quantization(ofStem: stem) }

  /// Who publishes it; empty where its folder does not tell.
  package var publisher: String { repository.owner }

  /// What changes when its first file does; nil if there is none.
  package var fileIdentity: [Int]? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return [Int(status.st_size), Int(truncatingIfNeeded: status.st_ino), Int(time.tv_sec), Int(time.tv_nsec)]
  }

  /// Whether both are copies of one model: as large, with the same beginning, middle and end.
  func isCopy(of other: LibraryModel) -> Bool {
    guard byteCount == other.byteCount, paths.count == other.paths.count else { return false }
    return zip(paths, other.paths).allSatisfy { isSameFile($0, $1) || sample($0) == sample($1) }
  }
}

/// Some bytes of a file that tell it from others of its size; nil if it cannot be read.
private func sample(_ path: String) -> [[UInt8]]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  let size = lseek(descriptor, 0, SEEK_END)
  let length: off_t = 1 << 16
  return [0, size / 2, max(0, size - length)].map { offset in
    [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
      count = max(0, pread(descriptor, buffer.baseAddress, Int(length), offset))
    }
  }
}
