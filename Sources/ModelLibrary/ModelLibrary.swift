public import Foundation
import GGUF
package import GPTOSS
public import GPTOSSModel
import GPTOSSPlatform

/// The models on this machine, by name: what was downloaded here, and what other programs have.
///
///     let library = ModelLibrary()
///     let model = try library.model(named: "openai/gpt-oss-20b")
///     let loaded = try await LanguageModel.load(contentsOf: model.path)
///
/// Every call looks at the folders anew; nothing is remembered and nothing is written, except by what says
/// so. Models of other programs are used where they are, and never changed.
public struct ModelLibrary: Sendable {
  /// Where models are looked for.
  public var folders: ModelFolders
  /// Models that come with the program, by their names.
  public var packaged: [String: String]
  let environment: Environment

  /// The library of this user.
  ///
  /// - Parameters:
  ///   - packaged: models that come with the program: names and paths.
  ///   - environment: names folders (``ModelFolders``), and, for downloads, the Hub.
  public init(
    packaged: [String: String] = [:],
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.init(folders: ModelFolders(environment: environment), packaged: packaged, environment: environment)
  }

  /// A library of exactly these folders.
  public init(
    folders: ModelFolders, packaged: [String: String] = [:],
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.folders = folders
    self.packaged = packaged
    self.environment = Environment(environment)
  }

  /// All models, the ones that a name finds first in front, and the folders that could not be read, or not all
  /// of them.
  ///
  /// - Complexity: O(files of all folders); no file is opened.
  public func contents() -> (models: [LibraryModel], problems: [ModelLibraryError]) {
    var listing = Listing()
    listing.addPublishers(in: folders.own, source: .own)
    for folder in folders.lmStudio { listing.addPublishers(in: folder, source: .lmStudio) }
    for folder in folders.huggingFace { listing.addHuggingFaceCache(folder) }
    for folder in folders.llamaCpp { listing.addLlamaCppCache(folder) }
    for folder in folders.ollama { listing.addOllamaStore(folder) }
    for (name, path) in packaged.sorted(by: { $0.key < $1.key }) { listing.add(path, named: name) }
    return (listing.named(), listing.problems)
  }

  /// All models; folders that cannot be read are left out.
  public var models: [LibraryModel] { contents().models }

  /// Whether a model runs here, from its header: architecture, tensors, formats, and memory.
  ///
  /// - Returns: why it does not; nil if it does.
  /// - Complexity: O(size of the header); of the tensors, biases and norms alone are read.
  public func fault(of model: LibraryModel) -> ModelFault? {
    if let fault = model.fault { return fault }
    do { return ModelFault.of(try GGUFFile(path: model.path)) } catch { return .file(error) }
  }
}

extension ModelLibrary {
  /// How much memory a model takes, from its header.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - residency: where its weights are to be.
  ///   - contextLength: the most positions of a sequence; nil for what the model allows.
  ///   - largestBatch: the most tokens that one pass takes.
  /// - Returns: weights, one sequence's keys and values, and what a pass writes to.
  /// - Throws: `ModelFault` for a file that holds no model of ours.
  public func memory(
    of model: LibraryModel, residency: WeightResidency = .resident, contextLength: Int? = nil,
    largestBatch: Int = 256
  ) throws(ModelFault) -> MemoryEstimate {
    let file = try open(model)
    do {
      return try MemoryEstimate(
        file, residency: residency, contextLength: contextLength, largestBatch: largestBatch)
    } catch { throw .model(error) }
  }

  /// The same for each place where the options allow the weights to be, the fastest first.
  ///
  /// - Parameter contextLength: in place of the options'.
  /// - Throws: `ModelFault`.
  package func memory(
    of model: LibraryModel, options: LoadOptions, contextLength: Int?
  ) throws(ModelFault) -> [MemoryEstimate] {
    let file = try open(model)
    do {
      return try MemoryEstimate.choices(
        file, wanted: options.weights, contextLength: contextLength, largestBatch: options.largestBatch,
        kernels: options.kernels, cacheElement: options.cacheElement)
    } catch { throw .model(error) }
  }

  private func open(_ model: LibraryModel) throws(ModelFault) -> GGUFFile {
    if let fault = model.fault { throw fault }
    do { return try GGUFFile(path: model.path) } catch { throw .file(error) }
  }
}

extension ModelFault {
  /// Why the model of an open file does not run here; nil if it does.
  static func of(_ file: GGUFFile) -> ModelFault? {
    do {
      _ = try Transformer(file, weights: .mapped, threadCount: 1, largestBatch: 1)
      return nil
    } catch { return .model(error) }
  }
}
