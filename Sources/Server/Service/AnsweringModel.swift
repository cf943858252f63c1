package import GPTOSS
package import GPTOSSHarmony
package import GPTOSSTokenizer

/// What the server needs of a model; tests answer from a script.
package protocol AnsweringModel: Sendable {
  var tokenizer: Tokenizer { get }
  func respond(to conversation: Conversation, options: ResponseOptions) -> AsyncThrowingStream<
    ResponseEvent, any Error
  >
  func generate(from prompt: [TokenID], options: GenerationOptions) -> AsyncThrowingStream<
    GenerationEvent, any Error
  >
}

extension LanguageModel: AnsweringModel {}
