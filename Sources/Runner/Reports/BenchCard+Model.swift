import Foundation
import GGUF
import GPTOSS
import GPTOSSMeasurement
import GPTOSSModelLibrary
import GPTOSSPlatform
import GPTOSSTerminal

extension BenchCard {
  /// How many predictions are compared: of a large model the reference reads half a token per second.
  private static let predictionCount = 32

  /// Adds to a report what a card has beside it. The model's memory is given back meanwhile.
  ///
  /// - Parameters:
  ///   - file: the model's.
  ///   - threads: how many the reference kernels use; nil for as many as the process may use.
  /// - Throws: `GGUFError` if the file cannot be read again, `GPTOSSError`, `CancellationError`.
  init(_ report: BenchReport, _ model: LanguageModel, _ file: GGUFFile, threads: Int?) async throws {
    let predictions = try await Predictions(of: model, count: Self.predictionCount)
    await model.unload()
    self.init(
      report, files: try await Self.files(of: file), fingerprint: model.information.fingerprint,
      machine: .current, version: .current,
      divergence: try await Self.divergence(predictions, model.information.path, threads),
      command: ["gptoss"] + CommandLine.arguments.dropFirst(), date: .now)
  }

  private static func files(of file: GGUFFile) async throws -> [ModelFile] {
    var files: [ModelFile] = []
    for path in file.partPaths {
      let url = URL(filePath: path)
      // Of what a link leads to: the Hub's programs keep models behind links.
      let byteCount =
        try url.resolvingSymlinksInPath().resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
      let digest = try await digest(of: path, byteCount: byteCount)
      files.append(ModelFile(name: url.lastPathComponent, byteCount: byteCount, digest: digest))
    }
    return files
  }

  /// The hash of a file; nil without the trait that has hashes.
  private static func digest(of path: String, byteCount: Int) async throws -> String? {
    #if Downloads
      var progress = ProgressBar("hashing")
      defer { progress.finish() }
      let digest = try await FileDigest.sha256(ofFile: path) { read in
        progress.update(Double(read) / Double(max(byteCount, 1)))
      }
      return "\(digest)"
    #else
      return nil
    #endif
  }

  private static func divergence(
    _ predictions: Predictions, _ path: String, _ threads: Int?
  ) async throws -> Divergence {
    let bar = Locked(ProgressBar("reading with the reference kernels"))
    defer { bar.withLock { $0.finish() } }
    // Few tokens per pass, so that Ctrl-C is heard.
    let options = LoadOptions(
      kernels: .reference, weights: .mapped, precision: .precise, threads: threads, largestBatch: 4,
      cacheByteLimit: 0)
    let reference = try await LanguageModel.load(contentsOf: path, options: options)
    let divergence = try await predictions.divergence(from: reference) { share in
      bar.withLock { $0.update(share) }
    }
    await reference.unload()
    return divergence
  }
}
