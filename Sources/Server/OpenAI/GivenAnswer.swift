import GPTOSSJSON
package import GPTOSSTokenizer

/// An answer as it was given: what its text does not tell, and what a trace of it needs.
///
/// A response has it as `trace` when its request has `trace` among `include`, and `POST /api/v1/trace` takes
/// it as it is.
package struct GivenAnswer: Sendable {
  /// All tokens that the model generated, the one that ended the answer included.
  var tokens: [TokenID]
  /// What they were sampled with.
  var seed: UInt64
  /// The day that the system message named, as in `2026-08-05`.
  var date: String

  package init(tokens: [TokenID], seed: UInt64, date: String) {
    (self.tokens, self.seed, self.date) = (tokens, seed, date)
  }

  /// As it stands in a response. The seed is a text: JavaScript's numbers do not hold it.
  var json: JSONValue {
    ["tokens": .array(tokens.map(JSONValue.integer)), "seed": .string(String(seed)), "date": .string(date)]
  }
}

extension GivenAnswer {
  /// - Throws: ``ServerError`` or `JSONError` with the path of the field at fault.
  init(_ field: JSONField) throws {
    tokens = try field.required("tokens").elements(atLeastOne: "token").map {
      try $0.integer(in: 0...Int.max)
    }
    let seed = try field.required("seed")
    let digits = try seed.string()
    guard let number = UInt64(digits) else {
      throw ServerError.invalid(parameter: seed.path, problem: "it has to be a number below 2^64, in digits")
    }
    self.seed = number
    let day = try field.required("date")
    date = try day.string()
    guard date.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil else {
      throw ServerError.invalid(parameter: day.path, problem: "it has to be a date such as 2026-08-05")
    }
  }

  /// Refuses tokens that a vocabulary does not have: they are those of another model.
  ///
  /// - Throws: ``ServerError/outOfRange(parameter:expected:actual:)``.
  func check(vocabularyCount count: Int) throws(ServerError) {
    guard let index = tokens.firstIndex(where: { $0 >= count }) else { return }
    throw .outOfRange(
      parameter: "trace.tokens[\(index)]", expected: "a token id of this model, below \(count)",
      actual: String(tokens[index]))
  }
}
