import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSSampling

/// What every request for text says: which model is to write, how, and whether the text comes in pieces.
package struct GenerationParameters {
  /// The model's name as the client gave it.
  var model: String
  var options: GenerationOptions
  package var isStreamed: Bool

  /// The parameters that all endpoints have under the same names; limit and log-probabilities are not among them.
  ///
  /// - Throws: `ServerError` or `JSONError` with the parameter's path.
  init(parameters request: JSONField) throws {
    model = try request.required("model").string()
    options = GenerationOptions(
      sampling: try SamplingOptions(parameters: request), stopSequences: try Self.stopSequences(request))
    isStreamed = try request.flag("stream") ?? false
  }

  /// How the engine is to write one of several choices.
  func options(choice: Int) -> GenerationOptions {
    var options = options
    // Each choice is another draw; a given seed gives the same choices again.
    if let seed = options.sampling.seed { options.sampling.seed = seed &+ UInt64(choice) }
    return options
  }

  /// The texts that end an answer: one, or a list of up to sixteen.
  private static func stopSequences(_ request: JSONField) throws -> [String] {
    guard let field = try request.optional("stop") else { return [] }
    if let text = field.value.stringValue { return [text] }
    guard field.value.arrayValue != nil else { throw field.wrongType("string or array") }
    let elements = try field.elements()
    guard elements.count <= 16 else {
      throw ServerError.outOfRange(
        parameter: field.path, expected: "at most 16 texts", actual: String(elements.count))
    }
    return try elements.map { try $0.string() }
  }
}
