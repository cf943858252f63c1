import Foundation
import GGUF
import GPTOSS
import GPTOSSBlockFormats
import GPTOSSFixtures
import GPTOSSHTTPClient
import GPTOSSHarmony
import GPTOSSHosting
import GPTOSSJSON
import GPTOSSModel
import GPTOSSModelLibrary
import GPTOSSSampling
import GPTOSSStructuredOutput
import GPTOSSSynthesis
import GPTOSSTokenizer
import Testing

/// Apps show `localizedDescription`. For an error that is no `LocalizedError` it says nothing:
/// "The operation could not be completed. (GGUF.GGUFError error 1.)".
struct ErrorTests {
  private struct Tree: Decodable { var children: [Tree] }

  /// One of every public error type of the library's modules.
  private static let samples: [any Error] = {
    let file = GGUFError(path: "model.gguf", place: .tensor("norm"), reason: .duplicateTensor)
    var samples: [any Error] = [
      file, file.reason, BlockFormatError.unencodable(weight: .infinity, index: 3, format: .mxfp4),
      TokenizerError.missingByteToken(7), JSONError.missingField(path: "messages[0]"),
      JSONFault.loneSurrogate,
      HarmonyError.toolWithoutName, SamplingError.noCandidates(vocabularySize: 0),
      StructuredOutputError.notASchema(path: "#"), ModelError.missingTensor("norm"),
      SynthesisError.file(file), SavedSessionFault.notASession, ToolFault.invalidName,
      ToolFailure.unknownTool(name: "x", declared: []), ValueFault(path: "a", problem: .missing),
      GPTOSSError.file(file), SmallModelError.notFound(looked: ["/nowhere"]),
      HTTPClientError.notHTTP(host: "example.org"), ModelFault.unfinished, DownloadFault.offline,
      ModelLibraryError.busy(path: "model.gguf"), HostingError.identifierTaken("a"),
    ]
    do throws(GPTOSSError) { _ = try JSONValue.schema(of: Tree.self) } catch {
      if case .schema(let failure) = error { samples.append(failure) }
    }
    return samples
  }()

  @Test func foundationSaysWhatTheErrorSays() {
    for error in Self.samples {
      let text = "\(error)"
      #expect(error.localizedDescription == text, "\(type(of: error))")
      #expect(text.contains(" ") && !text.contains("\n"), "\(type(of: error)): \(text)")
    }
  }

  @Test func noPublicErrorTypeIsForgotten() throws {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardized
    var names: Set<String> = []
    for folder in ["Sources", "Fixtures"] {
      let files = try #require(
        FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil))
      for case let file as URL in files where file.pathExtension == "swift" {
        // The errors of these have tests of their own: this target has none of them.
        let others = ["Server", "MCP", "Remote"]
        if others.contains(where: { file.path.contains("/Sources/\($0)/") }) { continue }
        let source = try String(contentsOf: file, encoding: .utf8)
        for match in source.matches(of: /public (?:enum|struct|final class) (\w+): [\w, ]*\bError\b/) {
          names.insert(String(match.1))
        }
      }
    }
    let sampled = Self.samples.compactMap { String(reflecting: type(of: $0)).split(separator: ".").last }
    #expect(names == Set(sampled.map(String.init)))
  }
}
