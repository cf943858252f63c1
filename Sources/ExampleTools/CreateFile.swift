import Foundation
import GPTOSS

/// The tool of LM Studio's guide: creates a file, below the current folder, after a person has agreed.
///
/// It tells the model what it cannot do. It never overwrites, makes no folders and follows no symbolic links:
/// nothing outside of the current folder can be reached.
package struct CreateFile: Tool {
  /// Asks a person; false for no.
  package typealias Confirmation = @Sendable (_ question: String) async throws -> Bool

  package struct Arguments: Decodable, Sendable {
    package var name: String
    package var content: String

    package init(name: String, content: String) { (self.name, self.content) = (name, content) }
  }

  package let name = "create_file"
  package let description = "Create a file with the given name and content."

  private let confirm: Confirmation
  private let root: String

  /// - Parameters:
  ///   - root: the folder in which files are created.
  ///   - confirm: is asked before anything is written.
  package init(root: String = ".", confirm: @escaping Confirmation) {
    self.root = root
    self.confirm = confirm
  }

  package func call(arguments: Arguments) async throws -> String {
    do {
      // Models that take a word's space for a part of the word write it into the name.
      let name = arguments.name.trimmingCharacters(in: .whitespaces)
      let file = try NewFile(name, root: root)
      try file.checkIsAbsent()
      let size = arguments.content.utf8.count
      let question = "Create \(name) (\(size) \(size == 1 ? "byte" : "bytes"))?"
      guard try await confirm(question) else { return "Error: The user did not allow it." }
      try file.write(arguments.content)
      return "File created."
    } catch let error as NewFile.Refusal {
      return "Error: \(error)"
    }
  }
}
