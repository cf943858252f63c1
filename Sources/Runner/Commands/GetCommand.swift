import ArgumentParser
import GPTOSS
import GPTOSSModelLibrary
import GPTOSSPlatform
import GPTOSSTerminal

#if Downloads
  /// `gptoss get`: downloads a model.
  struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "get",
      abstract: "Download a model from Hugging Face, unless it is on this machine already.",
      discussion: """
        A model that will not run here is refused once its header has come. A download that was stopped goes \
        on where it was. HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE and HTTPS_PROXY are obeyed; models go to \
        GPTOSS_MODELS, or ~/.gptoss/models.
        """)

    @Argument(
      help: """
        openai/gpt-oss-20b, openai/gpt-oss-120b, OWNER/REPO, OWNER/REPO:QUANT, OWNER/REPO/FILE.gguf, or the \
        address of a page.
        """)
    var name: String

    @Flag(help: "Download a model even if it will not run here.")
    var force = false

    @Option(number: "How many requests are under way at a time.")
    var connections = 3

    // Programs that call `lms get` say that nothing is to be asked. Nothing is.
    @Flag(name: .shortAndLong, help: .hidden)
    var yes = false

    func validate() throws { try checkOption("connections", connections, in: 1...16) }

    func run() async throws {
      var bar = ProgressBar("downloading")
      defer { bar.finish() }
      for try await event in ModelLibrary.ofUser.download(name, isForced: force, connections: connections) {
        switch event {
        case .progress(let progress): bar.update(progress.share, progress.line)
        case .finished(let model):
          bar.finish()
          try StandardOutput.writeLine(
            "\(model.name.inert)  \(ByteCount(model.byteCount))  \(model.path.inert)")
        }
      }
    }
  }

  extension DownloadProgress {
    /// Such as `5.0 of 12.1 GB, 85 MB/s, 1:23 left`.
    fileprivate var line: String {
      switch phase {
      case .asking: return "asking"
      case .verifying: return "checking"
      case .waiting: return "\(amount), downloaded by another process"
      case .readingHeader, .downloading: break
      }
      guard let bytesPerSecond, let timeLeft else { return amount }
      let seconds = Int(timeLeft.components.seconds)
      let time =
        seconds < 3_600
        ? "\(seconds / 60):\(two(seconds % 60))" : "\(seconds / 3_600) h \(seconds / 60 % 60) min"
      return "\(amount), \(ByteCount(Int(bytesPerSecond)))/s, \(time) left"
    }

    private var amount: String { "\(ByteCount(arrivedByteCount)) of \(ByteCount(totalByteCount))" }
    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  }
#else
  /// `gptoss get`, in a build without downloads.
  struct GetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "get", abstract: "Download a model (only in a build with the trait Downloads).")

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var ignored: [String] = []

    func run() throws {
      StandardError.write(
        "gptoss: this build downloads nothing; build it with the trait Downloads, the default\n")
      throw ExitCode(64)
    }
  }
#endif
