import Foundation
import GGUF
import GPTOSSFixtures
import GPTOSSModel
import Testing

/// What the study pages say of the small model, so that a student finds their numbers in its traces. If these
/// fail, the model in Fixtures has another shape than the pages tell.
struct StudyPagesTests {
  @Test func theSmallModelHasTheShapeThatThePagesTell() throws {
    let model = try Configuration(GGUFFile(path: SmallModel.url.path).metadata)
    let (hidden, expert) = (model.hiddenSize, model.expertHiddenSize)
    #expect(model.slidingWindow == 128)
    let sentences = [
      "Attention": """
      The small model in the package has \(model.queryHeadCount) query heads of \(model.headDimension) elements \
      and \(model.keyValueHeadCount) heads of keys and values; its window is 128, too.
      """,
      "MixtureOfExperts": """
      The small model in the package has \(model.expertCount) experts per layer and uses \(model.expertsPerToken).
      """,
      "Kernels": """
      (In the small model in the package rows have \(hidden) columns or \(expert): \(hidden / 32) blocks or \
      \(expert / 32).)
      """,
      "MXFP4": """
      The small model in the package has experts of two matrices of \(expert) rows × \(hidden) columns and one \
      of \(hidden) rows × \(expert) columns: rows of \(hidden / 32) blocks and of \(expert / 32).
      """,
    ]
    let docs = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Docs")
    for (page, sentence) in sentences {
      let text = try String(contentsOf: docs.appending(path: "\(page).md"), encoding: .utf8)
      #expect(text.contains(sentence), "Docs/\(page).md does not say: \(sentence)")
    }
  }
}
