public import GPTOSSJSON

extension JSONValue {
  /// Whether the value fits a schema.
  ///
  /// The keywords are those that Docs/StructuredOutput.md lists; the order of keys does not matter.
  ///
  /// - Parameters:
  ///   - schema: a JSON schema.
  ///   - budget: what the comparison may cost.
  /// - Throws: ``StructuredOutputError`` if the schema is malformed, has a keyword that is not known, or costs
  ///   too much.
  public func fits(
    _ schema: JSONValue, budget: CompilationBudget = CompilationBudget()
  ) throws(StructuredOutputError) -> Bool {
    var document = SchemaDocument(schema, isLenient: false, budget)
    var validator = Validator(budget)
    let result = try validator.fits(self, Conjunction(all: [SchemaDocument.rootID]), &document)
    // What was found after the budget was spent means nothing.
    try budget.check()
    return result
  }
}
