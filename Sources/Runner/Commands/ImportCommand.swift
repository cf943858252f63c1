public import ArgumentParser
public import GPTOSSModelLibrary
import GPTOSSPlatform
import GPTOSSTerminal

/// `gptoss import`: a file gets a name.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Add a GGUF file to the models, as a link or a copy.",
    discussion: "Of a split model, any part brings all of them.")

  @Argument(help: "The GGUF file.", completion: .file(extensions: ["gguf"]))
  var file: String

  @Option(name: .customLong("as"), help: "Its name, PUBLISHER/NAME; local/ and the file's name if left out.")
  var name: String?

  @Option(help: "How: link (a second name on the same file system, else a symbolic link) or copy.")
  var method = ModelLibrary.ImportMethod.link

  @Flag(help: "Import a model even if it will not run here.")
  var force = false

  func validate() throws {
    guard let name else { return }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count != 2 || parts.contains("") || name.contains(":") || parts.contains("..") {
      throw ValidationError("--as is \(name.quoted); it has to be PUBLISHER/NAME, such as local/my-model.")
    }
  }

  func run() async throws {
    var progress = ProgressBar("copying")
    defer { progress.finish() }
    let model = try ModelLibrary.ofUser.importFile(file, as: name, method: method, isForced: force) {
      try Task.checkCancellation()
      progress.update($0)
    }
    progress.finish()
    try StandardOutput.writeLine("\(model.name.inert)  \(model.path.inert)")
  }
}

extension ModelLibrary.ImportMethod: ExpressibleByArgument {}
