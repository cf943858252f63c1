/// Makes the ids of requests, answers, items and calls.
package struct Identifiers: Sendable {
  /// Makes an id that begins with a prefix, such as `chatcmpl-`.
  package let make: @Sendable (_ prefix: String) -> String

  package init(make: @escaping @Sendable (_ prefix: String) -> String) { self.make = make }

  /// Ids of 24 random letters and digits.
  package static let random = Identifiers { prefix in
    let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return prefix + String((0..<24).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
  }
}
