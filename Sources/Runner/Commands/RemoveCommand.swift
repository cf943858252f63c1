import ArgumentParser
import GPTOSSModelLibrary
import GPTOSSPlatform
import GPTOSSTerminal

/// `gptoss rm`: removes a model.
struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm",
    abstract: "Remove a model that was downloaded or imported here.",
    discussion: "What other programs have is theirs to remove. Of an imported link, the link is removed.")

  @Argument(help: "The model's name, as gptoss ls shows it.")
  var name: String

  func run() throws {
    for file in try ModelLibrary.ofUser.remove(named: name) {
      try StandardOutput.writeLine("removed \(file.inert)")
    }
  }
}
