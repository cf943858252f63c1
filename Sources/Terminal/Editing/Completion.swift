/// A text that a line may become.
package struct Completion: Equatable, Sendable {
  /// The whole text.
  package let text: String
  /// What stands for it in a list of choices.
  package let label: String

  package init(_ text: String, label: String) { (self.text, self.label) = (text, label) }
}
