public import Foundation

/// The small model that comes with the package, for tests and samples of apps.
///
///     import GPTOSS
///     import GPTOSSFixtures
///
///     let model = try await LanguageModel.load(contentsOf: SmallModel.url)
///
/// It has gpt-oss's architecture in 6.4 MB and knows a few dozen things by heart
/// (Fixtures/assistant/README.md). The product `GPTOSSFixtures` carries it; `GPTOSS` does not.
public enum SmallModel {
  /// The model's file: a resource of this module, looked for beside the executable, where an installation of
  /// `gptoss` has it, and in the bundles of the app or of its tests.
  ///
  /// - Throws: ``SmallModelError``.
  public static var url: URL {
    get throws(SmallModelError) {
      let places = FixtureModel.places + bundles
      let paths = places.map { "\($0)/\(FixtureModel.fileName)" }
      guard let path = paths.first(where: FileManager.default.fileExists) else {
        throw .notFound(looked: places)
      }
      return URL(filePath: path)
    }
  }

  /// The folders with this module's resources in an app's bundle and in the one that has this code, which in
  /// tests is another.
  private static var bundles: [String] {
    #if os(Linux)
      []
    #else
      [Bundle.main, Bundle(for: Here.self)].compactMap(\.resourceURL).flatMap { resources in
        ["", "/Contents/Resources"].map { "\(resources.path)/gpt-oss-swift_GPTOSSFixtures.bundle\($0)" }
      }
    #endif
  }

  private final class Here {}
}

/// Why the small model cannot be used.
public enum SmallModelError: Error, Hashable, Sendable {
  /// It is in none of these folders.
  case notFound(looked: [String])
}

extension SmallModelError: CustomStringConvertible {
  /// One line that names the places and the remedy.
  public var description: String {
    switch self {
    case .notFound(let looked):
      "the small model is not in \(looked.joined(separator: ", ")); "
        + "keep the resources of GPTOSSFixtures beside the executable"
    }
  }
}

extension SmallModelError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}
