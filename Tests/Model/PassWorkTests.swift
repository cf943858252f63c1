import GGUF
import GPTOSSBlockFormats
import GPTOSSModel
import Testing

/// The multiply-adds of a token, beside a count by hand and one position by position.
struct PassWorkTests {
  private func tiny() throws -> (GGUFFile, Configuration) {
    // The random model of Fixtures.
    let file = try GGUFFile(
      path: #filePath.replacing("Tests/Model/PassWorkTests.swift", with: "Fixtures/random-tiny.gguf"))
    return (file, try Configuration(file.metadata))
  }

  /// Two layers of 64 columns: 128 rows of queries, 64 of keys and values each, 128 columns of attention's
  /// output, four experts of which two compute, each with three matrices of 64 rows.
  @Test func products() throws {
    let (file, configuration) = try tiny()
    let work = PassWork(file, configuration)
    let attention = Double(2 * (64 * 128 + 2 * 64 * 64 + 128 * 64))
    let expected: [BlockFormat: Double] = [
      .q8_0: 3 * attention + 352 * 64, .mxfp4: Double(3 * 2 * 2 * 3 * 64 * 64), .f32: Double(3 * 2 * 4 * 64),
    ]
    #expect(work.products(tokenCount: 3, logitCount: 1) == expected)
  }

  @Test(arguments: [(1, 0), (1, 1), (5, 0), (200, 0), (200, 100), (3, 127), (3, 128), (3, 9_000)])
  func attention(_ tokenCount: Int, _ depth: Int) throws {
    let (file, own) = try tiny()
    var configuration = own
    for window in [nil, 1, 128] {
      configuration.slidingWindow = window
      var positions = 0
      for position in depth..<depth + tokenCount {
        for layer in 0..<configuration.layerCount {
          positions += min(position + 1, configuration.window(ofLayer: layer) ?? .max)
        }
      }
      let count = PassWork(file, configuration).attention(tokenCount: tokenCount, depth: depth)
      #expect(count == Double(2 * 128 * positions), "window \(window ?? 0)")
    }
  }
}
