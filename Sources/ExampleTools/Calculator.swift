package import GPTOSS

/// Works out arithmetic, which language models do badly.
package struct Calculator: Tool {
  package struct Arguments: Decodable, Guided, Sendable {
    package var expression: String

    package static let guides: [String: Guide] = [
      "expression": "Numbers, + - * / % ^, parentheses, sqrt, abs, min, max, round, pi and e."
    ]

    package init(expression: String) { self.expression = expression }
  }

  package let name = "calculator"
  package let description = "Evaluate an arithmetic expression."

  package init() {}

  package func call(arguments: Arguments) -> String {
    do { return try Arithmetic.evaluate(arguments.expression).description } catch { return "Error: \(error)" }
  }
}
