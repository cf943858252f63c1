/// What is to be generated, and who hears of it.
package struct GenerationRequest: Sendable {
  var prompt: Prompt
  var options: GenerationOptions
  /// What the tokens are held to; nil for nothing.
  var constraint: (any TokenConstraining)?
  /// The conversation whose sequence is to be used; nil if there is none.
  var owner: SequenceOwner?
  /// Called on the model's thread with every event; a reason that it returns ends the generation after this token.
  var yield: @Sendable (GenerationEvent) -> StopReason?

  package init(
    prompt: Prompt, options: GenerationOptions, constraint: (any TokenConstraining)? = nil,
    owner: SequenceOwner? = nil,
    yield: @escaping @Sendable (GenerationEvent) -> StopReason?
  ) {
    self.prompt = prompt
    self.options = options
    self.constraint = constraint
    self.owner = owner
    self.yield = yield
  }
}
