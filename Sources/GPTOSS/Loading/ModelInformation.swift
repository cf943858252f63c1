import GGUF
import GPTOSSKernels
public import GPTOSSModel
public import GPTOSSSampling

/// What was loaded, and how.
public struct ModelInformation: Sendable {
  /// `general.name`, or ``path`` if the file has no name.
  public var name: String
  /// The file, as it was named at load.
  public var path: String
  /// `general.architecture`.
  public var architecture: String
  /// The formats of the tensors, such as `MXFP4`, each with its bytes, the largest first.
  public var formats: [(name: String, byteCount: Int)]
  /// Tells models apart: a checksum of the names, formats, dimensions and first bytes of all tensors.
  public var fingerprint: String
  /// The bytes of all tensors in the file. Resident weights take about as much memory
  /// (`WeightResidency.resident` says when not).
  public var weightByteCount: Int
  /// Elements of all tensors.
  public var parameterCount: Int
  /// The name of the kernel set in use, such as `avx512`.
  public var kernels: String
  /// Where the weights are.
  public var weights: WeightResidency
  /// Threads that compute.
  public var threads: Int
  /// The temperature and the filters that the file recommends, under llama.cpp's keys
  /// `general.sampling.temp`, `.top_k`, `.top_p` and `.min_p`; nil where it recommends nothing.
  public var recommendedSampling = SamplingOptions()
  /// From the call of `LanguageModel.load(contentsOf:options:)` to readiness.
  public var loadTime: Duration = .zero

  init(_ file: GGUFFile, _ path: String, _ transformer: Transformer) throws(GPTOSSError) {
    do throws(GGUFError) {
      name = try file.metadata.stringIfPresent("general.name") ?? path
      architecture = try file.metadata.string("general.architecture")
      let sampling = "general.sampling."
      recommendedSampling.temperature = try file.metadata.doubleIfPresent(sampling + "temp").map { Float($0) }
      recommendedSampling.topK = try file.metadata.integerIfPresent(sampling + "top_k")
      recommendedSampling.topP = try file.metadata.doubleIfPresent(sampling + "top_p").map { Float($0) }
      recommendedSampling.minP = try file.metadata.doubleIfPresent(sampling + "min_p").map { Float($0) }
    } catch { throw .file(error) }
    self.path = path
    var byteCounts: [String: Int] = [:]
    var checksum = Checksum()
    for tensor in file.tensors {
      checksum.add("\(tensor.name) \(tensor.type) \(tensor.dimensions)".utf8)
      checksum.add(file.bytes(of: tensor).prefix(64))
    }
    fingerprint = checksum.text
    for tensor in file.tensors { byteCounts["\(tensor.type)", default: 0] += tensor.byteCount }
    formats = byteCounts.map { (name: $0.key, byteCount: $0.value) }
      .sorted { ($1.byteCount, $0.name) < ($0.byteCount, $1.name) }
    weightByteCount = byteCounts.values.reduce(0, +)
    parameterCount = file.tensors.reduce(0) { $0 + $1.dimensions.reduce(1, *) }
    kernels = transformer.kernels.rawValue
    weights = transformer.weightResidency
    threads = transformer.threadCount
  }
}
